import sys
with open("p.csv", "w") as file:
    file.write(sys.argv[1].replace("D", "1" * 60_000) + "\n1,2\n")
open("t.csv", "w").write("1,2\n1,2\n")
