// Pipes: every byte once and in order, writers that wait for room, readers that wait for
// bytes, and strangers who write.

#include "runtime/api/pipe.h"

#include <vector>

#include "runtime/api/api_world.h"
#include "runtime/api/wait_group.h"

namespace rt {
namespace {

using contract::Running;
using contract::sized;

unsigned char byte_at(std::size_t i) { return static_cast<unsigned char>(i * 7); }

// Reads until it has n bytes, in portions of at most `most`.
void read_and_compare(Pipe& pipe, std::size_t n, std::size_t most) {
  std::vector<unsigned char> portion(most);
  for (std::size_t got = 0; got < n;) {
    const std::size_t k = pipe.read(portion.data(), most);
    ASSERT_TRUE(k >= 1 && k <= most);
    for (std::size_t i = 0; i < k; ++i, ++got) ASSERT_EQ(portion[i], byte_at(got)) << got;
  }
}

WITH_PROCS(PipesCarryEveryByteInOrder) {
  constexpr std::size_t n = sized(200'000, 10'000);  // more than a pipe holds: the writer waits too
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    Pipe pipe;
    ASSERT_TRUE(pipe.ok());
    WaitGroup all;
    all.add(1);
    go([&] {
      read_and_compare(pipe, n, 1'000);
      all.done();
    });
    std::vector<unsigned char> data(n);
    for (std::size_t i = 0; i < n; ++i) data[i] = byte_at(i);
    pipe.write(data.data(), data.size());
    all.wait();
  });
}

WITH_PROCS(AFullPipeTakesNothingUntilSomethingIsRead) {
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    Pipe pipe;
    const std::vector<unsigned char> block(1'000);
    std::size_t held = 0;
    // A short write is done as a whole or not at all, on some systems.
    for (const std::size_t portion : {block.size(), std::size_t{1}}) {
      while (const std::size_t put = pipe.write_some(block.data(), portion)) held += put;
    }
    EXPECT_GE(held, 1u);
    EXPECT_EQ(pipe.write_some(block.data(), block.size()), 0u);
    WaitGroup all;
    all.add(1);
    bool drained = false;
    go([&] {
      std::vector<unsigned char> all_of_it(held);
      std::size_t got = 0;
      while (got < held) got += pipe.read(all_of_it.data(), held - got);
      drained = true;
      unsigned char last;
      EXPECT_EQ(pipe.read(&last, 1), 1u);
      EXPECT_EQ(last, 'x');
      all.done();
    });
    std::size_t put = 0;
    while (put == 0) {
      put = pipe.write_some("x", 1);
      if (put == 0) yield();
    }
    all.wait();
    EXPECT_TRUE(drained);
  });
}

// Fails by hanging: everybody sleeps, and who writes is of no runtime.
WITH_PROCS(AByteFromAStrangerWakesItsReader) {
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    Pipe pipe;
    Running stranger([&] {
      for (std::size_t i = 0; i < 3; ++i) {
        os::sleep(100 * microsecond);
        const unsigned char byte = byte_at(i);
        EXPECT_EQ(pipe.write_some(&byte, 1), 1u);
      }
    });
    read_and_compare(pipe, 3, 2);
    handoff_call([&] { stranger.join(); });
  });
}

WITH_PROCS(PipesOfManyGsAreApart) {
  constexpr int pairs = sized(20, 4);
  Runtime runtime({.procs = procs});
  runtime.run([&] {
    WaitGroup all;
    all.add(pairs);
    for (int p = 0; p < pairs; ++p) {
      go([&] {
        Pipe there, back;
        WaitGroup echo;
        echo.add(1);
        go([&] {
          for (int i = 0; i < 3; ++i) {
            unsigned char byte;
            there.read(&byte, 1);
            back.write(&byte, 1);
          }
          echo.done();
        });
        for (std::size_t i = 0; i < 3; ++i) {
          const unsigned char sent = byte_at(i);
          unsigned char received = 0;
          there.write(&sent, 1);
          back.read(&received, 1);
          EXPECT_EQ(received, sent);
        }
        echo.wait();
        all.done();
      });
    }
    all.wait();
  });
}

}  // namespace
}  // namespace rt
