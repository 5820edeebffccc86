"""Reports as one HTML page: no script, nothing fetched, formulas in MathML, curves in SVG."""
