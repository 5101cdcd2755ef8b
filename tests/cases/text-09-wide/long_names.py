for name, value in (("p", "0.5"), ("t", "0.25")):
    with open(name + ".csv", "w") as file:
        file.write(",".join(f"{i}" + "_" * 20_000 + "x" for i in range(50)) + "\n" + ",".join([value] * 50) + "\n")
