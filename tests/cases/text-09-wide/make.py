import sys
rows, columns, delimiter = int(sys.argv[1]), int(sys.argv[2]), {"tab": "\t", "space": " "}.get(sys.argv[3], sys.argv[3])
for name, value in (("p", "0.5"), ("t", "0.25")):
    with open(name + ".csv", "w") as file:
        if sys.argv[4:]:
            file.write(delimiter.join(f"c{i}" for i in range(columns)) + "\n")
        for _ in range(rows):
            file.write(delimiter.join([value] * columns) + "\n")
