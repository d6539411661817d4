"""The seven reports of a village's points: each figure is reckoned once and shown by screen, PDF and spreadsheet alike.

`spans` says which time a report is of, `base` what a report is and what its figures are, `registry` which there are;
`paper`, `output` and `batches` make what leaves the site. Each report is a module of its own, made known in the app's
`ready()`.
"""
