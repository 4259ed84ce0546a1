// A small server in one process. Clients send requests through pipes. Each request
// is read from a slow disk, spread over worker Gs, and answered, or it is given up
// when its time is over. Threads that the runtime did not make come in by callback.
//
//   fan_out [CLIENTS [PROCS]]
//
// Prints what came back and checks each answer. Exit code: 0 all is right, 1 it is
// not, 2 bad usage.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include "runtime/api/pipe.h"
#include "runtime/api/runtime.h"
#include "runtime/api/wait_group.h"

namespace {

constexpr int requests_per_client = 40;
constexpr int workers_per_request = 4;
constexpr int visitors = 3;  // external threads
constexpr int requests_per_visitor = 50;
constexpr rt::Duration patience = 60 * rt::second;      // for a request that will be answered
constexpr rt::Duration impatience = 5 * rt::millisecond;  // for one that will not

enum class Status : std::uint32_t { pending, answered, timed_out };

struct Request {
  std::uint32_t key;
  bool answerable;  // the other ones hang until they are given up
  bool last;
};

struct Reply {
  Status status;
  std::uint32_t value;
};

// ---- Messages over pipes -------------------------------------------------------

template <class Message>
void send(rt::Pipe& pipe, const Message& message) {
  pipe.write(&message, sizeof message);
}

template <class Message>
Message receive(rt::Pipe& pipe) {
  Message message;
  auto* to = reinterpret_cast<char*>(&message);
  for (std::size_t got = 0; got < sizeof message;) got += pipe.read(to + got, sizeof message - got);
  return message;
}

struct Connection {
  rt::Pipe requests;
  rt::Pipe replies;
  bool ok() const { return requests.ok() && replies.ok(); }
};

// ---- The work ------------------------------------------------------------------

std::uint32_t record_of(std::uint32_t key) { return key * 2'654'435'761u; }

std::uint32_t read_from_disk(std::uint32_t key) {
  std::this_thread::sleep_for(std::chrono::microseconds(100));  // blocks the thread, as a disk does
  return record_of(key);
}

std::uint32_t part_of_answer(std::uint32_t record, int part) {
  std::uint32_t x = record + static_cast<std::uint32_t>(part);
  for (int round = 0; round < 1'000; ++round) x = x * 1'664'525u + 1'013'904'223u;
  return x;
}

std::uint32_t answer_of(std::uint32_t record) {
  std::uint32_t answer = 0;
  for (int part = 0; part < workers_per_request; ++part) answer += part_of_answer(record, part);
  return answer;
}

// One G per part.
std::uint32_t fan_out(std::uint32_t record) {
  std::atomic<std::uint32_t> answer{0};
  rt::WaitGroup workers;
  workers.add(workers_per_request);
  for (int part = 0; part < workers_per_request; ++part) {
    rt::go([&, part] {
      answer += part_of_answer(record, part);
      workers.done();
    });
  }
  workers.wait();
  return answer;
}

std::uint32_t handle(std::uint32_t key) {
  std::uint32_t record = 0;
  rt::blocking_call([&] { record = read_from_disk(key); });
  return fan_out(record);
}

// ---- The server ----------------------------------------------------------------

// A request under way. The first to settle it decides what the client hears.
class Call {
 public:
  bool pending() const { return status_.load() == Status::pending; }

  void settle(Status status, std::uint32_t value) {
    Status expected = Status::pending;
    if (!status_.compare_exchange_strong(expected, status)) return;
    value_ = value;
    settled_.ready();
  }

  Reply wait() {
    settled_.park();
    return {status_.load(), value_};
  }

 private:
  std::atomic<Status> status_{Status::pending};
  std::uint32_t value_ = 0;  // written before ready(), read after park()
  rt::Parker settled_;
};

// Naps, so that it ends soon after the call.
void give_up_after(Call& call, rt::Duration patience_left) {
  constexpr rt::Duration nap = rt::millisecond;
  for (; patience_left > 0 && call.pending(); patience_left -= nap) rt::sleep(nap);
  call.settle(Status::timed_out, 0);
}

void answer(Call& call, const Request& request) {
  while (!request.answerable && call.pending()) rt::sleep(rt::millisecond);
  if (call.pending()) call.settle(Status::answered, handle(request.key));
}

// One G per connection, and two for the request at hand.
void serve(Connection& connection) {
  for (;;) {
    const auto request = receive<Request>(connection.requests);
    if (request.last) return;
    Call call;
    rt::WaitGroup helpers;
    helpers.add(2);
    rt::go([&] {
      answer(call, request);
      helpers.done();
    });
    rt::go([&] {
      give_up_after(call, request.answerable ? patience : impatience);
      helpers.done();
    });
    send(connection.replies, call.wait());
    helpers.wait();
  }
}

// ---- Who comes in --------------------------------------------------------------

struct Totals {
  std::atomic<int> answered{0};
  std::atomic<int> timed_out{0};
  std::atomic<int> visits{0};
  std::atomic<int> wrong{0};
};

void expect_answer(Totals& totals, std::uint32_t key, std::uint32_t value) {
  if (value != answer_of(record_of(key))) ++totals.wrong;
}

void be_client(Connection& connection, int number, Totals& totals) {
  for (int i = 0; i < requests_per_client; ++i) {
    const auto key = static_cast<std::uint32_t>(number * requests_per_client + i);
    const bool answerable = i % 10 != 9;
    send(connection.requests, Request{key, answerable, false});
    const auto reply = receive<Reply>(connection.replies);
    if (reply.status != (answerable ? Status::answered : Status::timed_out)) ++totals.wrong;
    if (reply.status == Status::answered) {
      ++totals.answered;
      expect_answer(totals, key, reply.value);
    } else {
      ++totals.timed_out;
    }
  }
  send(connection.requests, Request{0, false, true});
}

// On a thread of its own.
void be_visitor(rt::Runtime& runtime, int number, Totals& totals) {
  for (int i = 0; i < requests_per_visitor; ++i) {
    const auto key = static_cast<std::uint32_t>(1'000'000 + number * requests_per_visitor + i);
    runtime.callback([&] {
      expect_answer(totals, key, handle(key));
      ++totals.visits;
    });
  }
}

bool serve_all(rt::Runtime& runtime, int clients, Totals& totals) {
  std::vector<std::unique_ptr<Connection>> connections;
  for (int i = 0; i < clients; ++i) {
    connections.push_back(std::make_unique<Connection>());
    if (!connections.back()->ok()) return false;
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < visitors; ++i) threads.emplace_back([&, i] { be_visitor(runtime, i, totals); });
  rt::WaitGroup all;
  all.add(2 * clients);
  for (int i = 0; i < clients; ++i) {
    Connection& connection = *connections[static_cast<std::size_t>(i)];
    rt::go([&] {
      serve(connection);
      all.done();
    });
    rt::go([&, i] {
      be_client(connection, i, totals);
      all.done();
    });
  }
  all.wait();
  // Waiting for threads that call back takes a call that gives the P away.
  rt::handoff_call([&] {
    for (std::thread& thread : threads) thread.join();
  });
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  const int clients = argc > 1 ? std::atoi(argv[1]) : 20;
  const int procs = argc > 2 ? std::atoi(argv[2]) : 4;
  if (argc > 3 || clients < 1 || clients > 200 || procs < 1 || procs > 64) {
    std::fprintf(stderr, "usage: fan_out [CLIENTS 1..200 [PROCS 1..64]]\n");
    return 2;
  }
  Totals totals;
  bool served = false;
  rt::Runtime runtime({.procs = procs});
  runtime.run([&] { served = serve_all(runtime, clients, totals); });

  const int requests = clients * requests_per_client;
  const bool right = served && totals.wrong == 0 && totals.timed_out == requests / 10 &&
                     totals.answered == requests - requests / 10 &&
                     totals.visits == visitors * requests_per_visitor;
  std::printf("%d clients: %d answers, %d given up; %d visits by callback: %s\n", clients, totals.answered.load(),
              totals.timed_out.load(), totals.visits.load(), right ? "right" : "WRONG");
  return right ? 0 : 1;
}
