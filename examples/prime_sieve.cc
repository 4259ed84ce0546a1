// The concurrent sieve: a generator sends 2, 3, 4 ... into a chain of filters, one
// G for each prime found so far, and each filter lets pass what its prime does not
// divide. What arrives at the end of the chain is the next prime.
//
//   prime_sieve [LIMIT [PROCS]]
//
// Prints how many primes there are up to LIMIT, and checks them against a sieve
// that needs no scheduler. Exit code: 0 they agree, 1 they do not, 2 bad usage.

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <vector>

#include "runtime/api/runtime.h"
#include "runtime/api/wait_group.h"

namespace {

// A bounded queue between one sender and one receiver, both Gs. A Parker keeps one
// token, so a ready() that comes before the park() is not lost; one that comes too
// often makes the other side look again, no more.
class Channel {
 public:
  void send(int value) {
    const unsigned tail = tail_.load(std::memory_order_relaxed);
    while (tail - head_.load(std::memory_order_acquire) == slots_.size()) room_.park();
    slots_[tail % slots_.size()] = value;
    tail_.store(tail + 1, std::memory_order_release);
    items_.ready();
  }

  int receive() {
    const unsigned head = head_.load(std::memory_order_relaxed);
    while (tail_.load(std::memory_order_acquire) == head) items_.park();
    const int value = slots_[head % slots_.size()];
    head_.store(head + 1, std::memory_order_release);
    room_.ready();
    return value;
  }

 private:
  std::array<int, 16> slots_{};
  std::atomic<unsigned> head_{0};  // counts what was received
  std::atomic<unsigned> tail_{0};  // counts what was sent
  rt::Parker items_;
  rt::Parker room_;
};

constexpr int end_of_stream = 0;

class Sieve {
 public:
  explicit Sieve(int limit) : limit_(limit) {}

  // On a G. Returns when the whole chain has ended.
  std::vector<int> primes() {
    Channel& first = add_channel();
    start([this, &first] { generate(first); });
    start([this, &first] { end_of_chain(first); });
    stages_.wait();
    return primes_;
  }

 private:
  template <class Body>
  void start(Body body) {
    stages_.add(1);
    rt::go([this, body] {
      body();
      stages_.done();
    });
  }

  // Only the stage at the end of the chain calls it, and hands the end on: the
  // list needs no lock. The channels live until all stages have ended, for a
  // sender may still be waking a receiver that has all it wanted.
  Channel& add_channel() { return channels_.emplace_back(); }

  void generate(Channel& out) {
    for (int n = 2; n <= limit_; ++n) out.send(n);
    out.send(end_of_stream);
  }

  // The first number to get here is a prime; from then on this stage is its filter.
  void end_of_chain(Channel& in) {
    const int prime = in.receive();
    if (prime == end_of_stream) return;
    primes_.push_back(prime);
    Channel& out = add_channel();
    start([this, &out] { end_of_chain(out); });
    filter(prime, in, out);
  }

  void filter(int prime, Channel& in, Channel& out) {
    for (;;) {
      const int n = in.receive();
      if (n == end_of_stream || n % prime != 0) out.send(n);
      if (n == end_of_stream) return;
    }
  }

  const int limit_;
  rt::WaitGroup stages_;
  std::deque<Channel> channels_;  // keeps its elements where they are
  std::vector<int> primes_;
};

std::vector<int> primes_without_scheduler(int limit) {
  std::vector<bool> composite(static_cast<std::size_t>(limit) + 1);
  std::vector<int> primes;
  for (int n = 2; n <= limit; ++n) {
    if (composite[static_cast<std::size_t>(n)]) continue;
    primes.push_back(n);
    for (long m = static_cast<long>(n) * n; m <= limit; m += n) composite[static_cast<std::size_t>(m)] = true;
  }
  return primes;
}

}  // namespace

int main(int argc, char** argv) {
  const int limit = argc > 1 ? std::atoi(argv[1]) : 4'000;
  const int procs = argc > 2 ? std::atoi(argv[2]) : 4;
  if (argc > 3 || limit < 2 || limit > 100'000 || procs < 1 || procs > 64) {
    std::fprintf(stderr, "usage: prime_sieve [LIMIT 2..100000 [PROCS 1..64]]\n");
    return 2;
  }
  std::vector<int> primes;
  rt::Runtime runtime({.procs = procs});
  runtime.run([&] { primes = Sieve(limit).primes(); });

  const bool right = primes == primes_without_scheduler(limit);
  std::printf("%zu primes up to %d, the last is %d: %s\n", primes.size(), limit, primes.empty() ? 0 : primes.back(),
              right ? "right" : "WRONG");
  return right ? 0 : 1;
}
