# a 512 x 512 mask a row, 8 rows: 18 MB
K = 262144
row = lambda j: ",".join("0.%06d" % ((i * 7 + j) % 999983) for i in range(K))
s = "\n".join(row(j) for j in range(8)) + "\n"
open("preds.csv", "w").write(s)
open("targets.csv", "w").write(s.replace("0.", "1."))
