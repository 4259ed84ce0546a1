#include "harness/classic/published.h"

namespace jitterbug::classic {
namespace {

constexpr Published all[] = {
    {"reorder_3", "0/20", "185", "86", "7", "RFF 7"},
    {"reorder_10", "0/20", "3225 (16/20)", "0/20", "17", "RFF 6"},
    {"reorder_100", "0/20", "0/20", "0/20", "194", "RFF 6"},
    {"twostage_1", "464", "13", "15", "8", "PERIOD 4"},
    {"twostage_100", "0/20", "7466 (3/20)", "6674 (3/20)", "454", "RFF 56"},
    {"stack", "176", "3", "2", "5", "POS 2"},
    {"token_ring", "13", "8", "9", "8", "PERIOD 2"},
    {"wronglock", "36", "51", "10", "7", "RFF 1"},
    {"bluetooth_driver", "215", "112", "36", "70", "PERIOD 9"},
    {"account", "18", "4", "4", "6", "RFF 1"},
    {"stringbuffer", "2243 (19/20)", "281", "23", "8", "SURW 8"},
    {"work_steal_queue", "-", "48", "12", "6", "SURW 6"},
    {"safe_stack", "0/20", "0/20", "0/20", "368921 (19/20)", "Relacy 1400000"},
};

}  // namespace

std::span<const Published> published() { return all; }

const Published* find_published(std::string_view program) {
  for (const Published& row : all) {
    if (program == row.program) return &row;
  }
  return nullptr;
}

}  // namespace jitterbug::classic
