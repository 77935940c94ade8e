# n, mean and standard deviation of each item by unit, as R does it quickest without packages (`rowsum`).
# Rscript benchmarks/scoring.R FILE RESPONSES ITEMS ROUNDS: the file holds a byte an answer, item by item (255 where it
# was skipped), then the units as integers of four bytes. Prints the shortest round in processor seconds.
given <- commandArgs(trailingOnly = TRUE)
responses <- as.integer(given[2])
items <- as.integer(given[3])
file <- file(given[1], "rb")
answers <- matrix(readBin(file, integer(), responses * items, size = 1, signed = FALSE), responses, items)
units <- readBin(file, integer(), responses, size = 4)
close(file)
answers[answers == 255L] <- NA

summarised <- function() {
  n <- rowsum(1L - is.na(answers), units)
  sums <- rowsum(answers, units, na.rm = TRUE)
  squares <- rowsum(answers * answers, units, na.rm = TRUE)
  mean <- sums / n
  list(n = n, mean = mean, sd = sqrt((squares - n * mean^2) / (n - 1)))
}

shortest <- Inf
for (round in seq_len(as.integer(given[4]))) {
  gc()
  before <- proc.time()
  made <- summarised()
  took <- proc.time() - before
  shortest <- min(shortest, took[["user.self"]] + took[["sys.self"]])
}
cat(shortest, sum(made$n), "\n")
