#include "harness/base/child.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/os/sanitizers.h"

namespace jitterbug {
namespace {

using Messages = std::vector<std::pair<char, std::string>>;

struct Ran {
  Messages messages;
  Ending ending;
};

// Runs a child to its end; `meanwhile` is called a few times a second.
Ran run(const Child::Body& body, ChildOptions options = {}, const std::function<void(const Child&)>& meanwhile = {}) {
  const std::unique_ptr<Child> child = Child::start(std::move(options), body);
  EXPECT_NE(child, nullptr);
  Ran ran;
  const auto take = [&](char tag, std::string_view text) {
    ran.messages.emplace_back(tag, text);
    return tag != 'x';
  };
  while (!child->look(take)) {
    if (meanwhile) meanwhile(*child);
    wait_for_any({child.get()}, 20);
  }
  ran.ending = child->ending();
  return ran;
}

// What a run does: from here on it is the child that is to blame.
Child::Body in_a_run(const std::function<void()>& body) {
  return [body](Parent& parent) {
    parent.state.busy.store(true);
    body();
    parent.state.busy.store(false);
  };
}

[[noreturn]] void loop() {
  for (volatile bool forever = true; forever;) {
  }
  std::abort();
}

pid_t pid_of_child() {
  std::ifstream list("/proc/self/task/" + std::to_string(getpid()) + "/children");
  return *std::istream_iterator<pid_t>(list);
}

TEST(Child, SendsMessagesWhole) {
  const std::string big(200'000, 'b');
  const Ran ran = run([&](Parent& parent) {
    parent.send('a', "");
    parent.send('b', big);
    parent.send('c', std::string_view("zero\0byte", 9));
  });
  EXPECT_EQ(ran.messages, (Messages{{'a', ""}, {'b', big}, {'c', std::string("zero\0byte", 9)}}));
  EXPECT_TRUE(ended_well(ran.ending));
}

TEST(Child, SharesMemoryWithItsParent) {
  ChildOptions options;
  options.shared_bytes = sizeof(std::atomic<int>);
  const std::unique_ptr<Child> child =
      Child::start(options, [](Parent& parent) { static_cast<std::atomic<int>*>(parent.shared)->store(7); });
  while (!child->look([](char, std::string_view) { return true; })) wait_for_any({child.get()}, 20);
  EXPECT_EQ(static_cast<const std::atomic<int>*>(child->shared())->load(), 7);
}

TEST(Child, ShowsWhatItPrintedSinceItWasToForget) {
  const Ran ran = run([](Parent& parent) {
    std::puts("before");
    parent.forget_output();
    std::fputs("after\n", stderr);
    std::exit(5);
  });
  EXPECT_EQ(ran.ending.output, "after\n");
  EXPECT_EQ(sentence_of(ran.ending), "the process exited with status 5 after a run");
}

TEST(Child, WhatItDoesToItselfIsTold) {
  for (const int signal : {SIGABRT, SIGFPE, SIGILL, SIGTRAP, SIGSYS}) {
    const Ran ran = run(in_a_run([signal] { std::raise(signal); }));
    EXPECT_FALSE(ended_well(ran.ending));
    EXPECT_FALSE(killed_from_outside(ran.ending)) << signal;
    if (rt::sanitized) continue;  // it ends the process in its own way
    EXPECT_EQ(sentence_of(ran.ending),
              std::string("the process was ended by SIG") + sigabbrev_np(signal) + " in a run");
  }
}

TEST(Child, WhatSomebodyElseDoesToItIsToldApart) {
  for (const int signal : {SIGKILL, SIGABRT, SIGSEGV, SIGBUS, SIGFPE}) {
    if (rt::sanitized && signal != SIGKILL) continue;  // its own handlers know no sender
    const Ran ran = run(in_a_run([] { loop(); }), {}, [signal](const Child& child) {
      if (child.state().busy.load()) kill(pid_of_child(), signal);
    });
    EXPECT_TRUE(killed_from_outside(ran.ending)) << signal;
  }
}

TEST(Child, WhatAsksItToEndIsItsParentsBusiness) {
  const int requests[] = {SIGINT,  SIGTERM,   SIGHUP,  SIGQUIT, SIGUSR1, SIGUSR2,
                          SIGALRM, SIGVTALRM, SIGPROF, SIGIO,   SIGRTMIN};
  const Ran ran = run([&](Parent& parent) {
    for (const int signal : requests) std::raise(signal);
    parent.send('a', "alive");
  });
  EXPECT_EQ(ran.messages, (Messages{{'a', "alive"}}));
  EXPECT_TRUE(ended_well(ran.ending));
}

TEST(Child, AHangIsEnded) {
  ChildOptions options;
  options.hang_seconds = 0.3;
  const Ran ran = run(in_a_run([] { loop(); }), options);
  EXPECT_TRUE(ran.ending.hung);
  EXPECT_FALSE(killed_from_outside(ran.ending));
  EXPECT_NE(sentence_of(ran.ending).find("loops without a step"), std::string::npos);
}

TEST(Child, StepsAndPausesAreNoHang) {
  ChildOptions options;
  options.hang_seconds = 1;
  const Ran ran = run(
      [](Parent& parent) {
        parent.state.busy.store(true);
        for (int i = 0; i < 20; ++i) {
          std::this_thread::sleep_for(std::chrono::milliseconds(100));
          parent.state.step.fetch_add(1);
        }
        parent.state.busy.store(false);
        std::this_thread::sleep_for(std::chrono::milliseconds(2'000));
      },
      options);
  EXPECT_TRUE(ended_well(ran.ending));
}

TEST(Child, ProgressIsWhatTheOwnerSaysItIs) {
  ChildOptions options;
  options.hang_seconds = 0.3;
  options.progress = [](const void*) { return std::uint64_t{0}; };
  const Ran ran = run(
      [](Parent& parent) {
        parent.state.busy.store(true);
        for (;;) parent.state.step.fetch_add(1);
      },
      options);
  EXPECT_TRUE(ran.ending.hung);
}

// Ctrl-Z, or somebody who looks at a worker with a debugger.
TEST(Child, ATimeInWhichItIsStoppedIsNoHang) {
  ChildOptions options;
  options.hang_seconds = 0.5;
  const auto began = std::chrono::steady_clock::now();
  bool continued = false;
  const Ran ran = run(
      [](Parent& parent) {
        parent.state.busy.store(true);
        std::raise(SIGSTOP);
        parent.state.busy.store(false);
      },
      options,
      [&](const Child&) {
        if (continued || std::chrono::steady_clock::now() - began < std::chrono::seconds(2)) return;
        continued = kill(pid_of_child(), SIGCONT) == 0;
      });
  EXPECT_TRUE(continued);
  EXPECT_TRUE(ended_well(ran.ending));
}

void tell_where(int) {}

TEST(Child, WithMercyItIsAskedWhereItHangs) {
  ChildOptions options;
  options.hang_seconds = 0.3;
  options.mercy_seconds = 30;
  const Ran ran = run(
      [](Parent& parent) {
        static Parent* told;
        told = &parent;
        std::signal(SIGTERM, [](int) {
          told->send('w', told->state.asked.load() ? "here" : "nobody asked");
          _exit(3);
        });
        parent.state.busy.store(true);
        for (;;) usleep(1'000);
      },
      options);
  EXPECT_TRUE(ran.ending.hung);
  EXPECT_EQ(ran.messages, (Messages{{'w', "here"}}));
}

TEST(Child, OneThatSaysNothingIsKilledInTheEnd) {
  ChildOptions options;
  options.hang_seconds = options.mercy_seconds = 0.3;
  const Ran ran = run(
      [](Parent& parent) {
        std::signal(SIGTERM, tell_where);
        parent.state.busy.store(true);
        loop();
      },
      options);
  EXPECT_TRUE(ran.ending.hung);
  EXPECT_EQ(WTERMSIG(ran.ending.status), SIGKILL);
}

TEST(Child, NonsenseEndsIt) {
  const Ran ran = run([](Parent& parent) {
    parent.send('x', "");
    loop();
  });
  EXPECT_TRUE(ran.ending.protocol_broken);
  EXPECT_FALSE(killed_from_outside(ran.ending));
  // As a wild write may do: into what leads to the harness.
  const Ran wild = run([](Parent&) {
    for (int fd = 3; fd < 100; ++fd) {
      struct stat info;
      if (fstat(fd, &info) != 0 || !S_ISFIFO(info.st_mode)) continue;
      if (write(fd, "nonsense", 8) < 0) continue;
    }
  });
  EXPECT_TRUE(wild.ending.protocol_broken);
}

TEST(Child, EndsWithItsOwner) {
  pid_t pid = 0;
  {
    const std::unique_ptr<Child> child = Child::start({}, [](Parent&) { loop(); });
    pid = pid_of_child();
  }
  EXPECT_NE(kill(pid, 0), 0);
}

// The system refuses the pipe, or the file for what the child prints.
TEST(Child, WhatCannotBeHadLeavesNothingBehind) {
  const auto open_files = [] {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return static_cast<rlim_t>(std::distance(begin(files), end(files)));
  };
  const rlim_t before = open_files();
  rlimit had;
  getrlimit(RLIMIT_NOFILE, &had);
  for (rlim_t more = 0; more < 3; ++more) {
    // The listing has had one descriptor of its own.
    const rlimit few = {before - 1 + more, had.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
    EXPECT_EQ(Child::start({}, [](Parent&) {}), nullptr) << more;
    setrlimit(RLIMIT_NOFILE, &had);
    EXPECT_EQ(open_files(), before) << more;
  }
}

TEST(Ending, ASanitizersSummaryIsTheSentence) {
  Ending ending;
  ending.status = 1 << 8;  // exit(1)
  ending.output =
      "==7==ERROR: AddressSanitizer: x\n"
      "SUMMARY: AddressSanitizer: heap-use-after-free a.cc:5 in f\n"
      "==7==ABORTING\n";
  EXPECT_EQ(sentence_of(ending), "AddressSanitizer: heap-use-after-free a.cc:5 in f");
  ending.output = "says SUMMARY: nothing\n";
  EXPECT_EQ(sentence_of(ending), "the process exited with status 1 in a run");
  ending.busy = false;
  EXPECT_EQ(sentence_of(ending), "the process exited with status 1 after a run");
}

}  // namespace
}  // namespace jitterbug
