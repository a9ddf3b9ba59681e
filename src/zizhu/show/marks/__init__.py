"""The families of figure kinds, each a function from validated rows to a Vega-Lite specification."""
