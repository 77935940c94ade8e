"""Whether a printed report says what its data say: `survey verify`.

`file` opens the PDF, `rebuilt` makes the publication of its source again, `words` makes the text of the pages again,
`formulas` recomputes the numbers from their sums, and `check` puts it together. All of it runs in a child process with
limits on memory and time (`apart`): the file may be anybody's.
"""
