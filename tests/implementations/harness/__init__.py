"""Programs that speak the protocol, or fail to."""
