"""How much what reads workbooks would lay out in memory, worked out before it is called."""
