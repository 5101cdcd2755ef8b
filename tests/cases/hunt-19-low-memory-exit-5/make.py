import random

random.seed(0)
with open("big_p.csv", "w") as p, open("big_t.csv", "w") as t:
    p.write("a,b,c\n")
    t.write("label\n")
    for _ in range(400000):
        x, y = sorted((random.random(), random.random()))
        p.write(f"{x!r},{y - x!r},{1 - y!r}\n")
        t.write(random.choice("abc") + "\n")
