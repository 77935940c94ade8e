"""One workbook a wave: everything that was published, as a colleague would keep it. Pure, until `xlsx` writes it."""
