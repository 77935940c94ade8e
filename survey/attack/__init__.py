"""An insider at work: reads an installation as somebody with the whole disk would, and says in words what came of it.

`target` opens what is attacked without writing to it; `sqlite_pages` and `heap_pages` read the databases' files byte by
byte; `orders` lists every order in which rows lie; `chance` asks whether an order tells another one; `known` pairs
answers that an auditor gave with what is kept; the other modules are channels; `run` tries them all.
"""
