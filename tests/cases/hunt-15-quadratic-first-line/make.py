open("preds.csv", "w").write("1," + "1" * 60000 + "x\n1,2\n")  # 60 kB
open("targets.csv", "w").write("1,2\n1,2\n")
