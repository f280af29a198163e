"""Screenings made safe to hand on: names replaced, and small counts left out. Values in, values out."""
