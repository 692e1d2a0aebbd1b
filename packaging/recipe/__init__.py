"""How the packaged program is made: what goes into it, what is left out and why, the forms it is given out in."""
