"""The protocol `refopt-harness/1`: any program, in any language, judged over its stdin and stdout."""
