"""Pages for paper: HTML and a stylesheet become a PDF, made by a process of its own, within limits.

`from commons.paper import press` and `press.pdf(html, sheets=["css/…"])`. Only the child imports WeasyPrint.
"""
