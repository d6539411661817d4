"""Lists that everybody turns over: narrowed, sorted and paged by what their address says.

A directory subclasses `listings.narrowing.Listing`; its template shows the filters with `components/filters.html`.
"""
