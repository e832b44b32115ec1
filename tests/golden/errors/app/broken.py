class Anything
    pass
