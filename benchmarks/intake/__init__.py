"""Complete answers a second, start and memory of `survey serve`, beside a bare Flask page that keeps the same."""
