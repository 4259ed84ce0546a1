#include "harness/campaign/score.h"

#include <algorithm>
#include <map>

#include "harness/base/draw.h"
#include "harness/base/errors.h"
#include "harness/base/interrupt.h"
#include "harness/base/numbers.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/campaign/hunt.h"
#include "harness/defect/variant.h"
#include "harness/run/backend.h"
#include "harness/run/token.h"

namespace jitterbug {
namespace {

// The most frequent item; the first in order among equals.
std::string most_frequent(const std::vector<std::string>& items) {
  std::map<std::string, int> counts;
  for (const std::string& item : items) ++counts[item];
  std::string best;
  int best_count = 0;
  for (const auto& [item, count] : counts) {
    if (count > best_count) best = item, best_count = count;
  }
  return best;
}

// Rows keep their schedules when others join the table.
std::uint64_t row_seed(std::uint64_t seed, const Defect& defect) {
  std::uint64_t part = 0;
  for (const char* c = defect.id; *c != '\0'; ++c) part = part * 131 + static_cast<unsigned char>(*c);
  return derive(seed, part);
}

class Scorer {
 public:
  Scorer(const ScoreRequest& request, const ScoreCallback& progress, Score& total)
      : request_(request), progress_(progress), total_(total) {}

  RowScore score_row(const Defect& defect, const ScoreProgress& at) {
    return backend().repeats ? score_in_trials(defect, at) : score_by_rate(defect, at);
  }

 private:
  RowScore score_in_trials(const Defect& defect, ScoreProgress at) {
    const std::vector<std::string> aimed = split_list(defect.workloads);
    std::vector<Trial> trials;
    bool reached = defect.kind == DefectKind::patch;
    for (std::uint64_t t = 0; t < request_.trials && !interrupted(); ++t) {
      at.trial = t;
      const BatchResult result = run_trial(defect, aimed, derive(row_seed(request_.seed, defect), t), at);
      if (result.interrupted) break;
      reached = reached || result.tally.safeguard_reached > 0;
      trials.push_back(judge(defect, result));
    }
    return summarise(defect, trials, reached);
  }

  RowScore score_by_rate(const Defect& defect, const ScoreProgress& at) {
    const BatchResult quiet = run_under("none", defect, at);
    const BatchResult noisy = run_under(request_.noise, defect, at);
    const BatchResult& better = noisy.tally.failures > 0 ? noisy : quiet;
    Trial trial = judge(defect, better);
    trial.caught = better.tally.failures > 0;
    const bool reached =
        defect.kind == DefectKind::patch || quiet.tally.safeguard_reached + noisy.tally.safeguard_reached > 0;
    RowScore row = summarise(defect, {trial}, reached);
    const auto rate = [](const Tally& tally) { return Rate{tally.schedules, tally.failures}; };
    row.noise = {rate(quiet.tally), rate(noisy.tally)};
    return row;
  }

  BatchResult run_under(const std::string& noise, const Defect& defect, const ScoreProgress& at) {
    HuntRequest request;
    request.workloads = split_list(defect.workloads);
    request.noise = noise;
    request.seed = request_.seed;
    request.schedules = request_.schedules;
    request.enough = request_.enough;
    request.jobs = request_.jobs;
    request.hang_seconds = request_.hang_seconds;
    request.lifted = defect.id;
    return add_up(hunt(request, telling(at)));
  }

  BatchResult run_trial(const Defect& defect, const std::vector<std::string>& aimed, std::uint64_t seed,
                        const ScoreProgress& at) {
    Batch batch;
    batch.schedules = request_.schedules;
    batch.enough = 1;
    batch.plan_of = [&, seed](std::uint64_t index) {
      Plan plan;
      plan.workload = aimed[index % aimed.size()];
      plan.flavour = backend().flavour.in_plans;
      plan.strategy = request_.strategy;
      plan.seed = derive(seed, index);
      plan.lifted = defect.id;
      return plan;
    };
    for (std::size_t i = 0; i < aimed.size(); ++i) check_campaign_plan(batch.plan_of(i));
    return add_up(run_batch(batch, telling(at)));
  }

  ProgressCallback telling(const ScoreProgress& at) {
    return [this, at](const Tally& tally) {
      ScoreProgress now = at;
      now.tally = &tally;
      if (progress_) progress_(now);
    };
  }

  BatchResult add_up(BatchResult result) {
    total_.schedules += result.tally.schedules;
    total_.decisions += result.tally.decisions;
    return result;
  }

  Trial judge(const Defect& defect, const BatchResult& result) const {
    Trial trial;
    trial.seconds = result.tally.seconds;
    trial.schedules = result.tally.schedules;
    if (result.findings.empty()) return trial;
    const Finding& first = result.findings.front();
    trial.oracle = number_of(first.record.failure);
    trial.workload = first.plan.workload;
    trial.token = to_token(first.plan);
    trial.schedules = first.record.index + 1;
    trial.caught = may_catch(defect, first.record.failure->oracle);
    return trial;
  }

  const ScoreRequest& request_;
  const ScoreCallback& progress_;
  Score& total_;
};

std::string explain(const RowScore& row, const std::vector<Trial>& trials) {
  if (row.trials == 0) return "no trial was run";
  if (row.caught == row.trials) return "";
  if (!row.reached) return "the safeguard was never reached: the stressors no longer get there";
  std::vector<std::string> others;
  for (const Trial& trial : trials) {
    if (!trial.caught && !trial.oracle.empty()) others.push_back(trial.oracle);
  }
  const std::uint64_t silent = row.trials - row.caught - others.size();
  std::string note;
  if (!others.empty())
    note = std::to_string(others.size()) + " trials ended with " + most_frequent(others) + " instead";
  if (silent > 0) note += (note.empty() ? "" : "; ") + std::to_string(silent) + " found nothing";
  return note;
}

constexpr double fivefold_at_most = 0.2;

}  // namespace

double Rate::per_schedule() const {
  return schedules == 0 ? 0 : static_cast<double>(failures) / static_cast<double>(schedules);
}

double NoiseGain::times() const {
  const double base = quiet.failures > 0 ? quiet.per_schedule()
                                         : 0.5 / static_cast<double>(std::max<std::uint64_t>(quiet.schedules, 1));
  return noisy.per_schedule() / base;
}

double Score::median_gain() const {
  std::vector<double> gains;
  for (const RowScore& row : rows) {
    if (row.caught > 0 && row.noise && row.noise->quiet.per_schedule() <= fivefold_at_most) {
      gains.push_back(row.noise->times());
    }
  }
  return median(gains);
}

bool Score::complete() const {
  return std::all_of(rows.begin(), rows.end(), [](const RowScore& row) { return row.complete(); });
}

std::vector<std::string> rows_named(const std::string& value) {
  std::vector<std::string> ids;
  if (value == "core" || value == "all") {
    for (const Defect& row : defects()) {
      if (value == "all" || is_core(row)) ids.emplace_back(row.id);
    }
    return ids;
  }
  for (const std::string& name : split_list(value)) {
    const Defect* row = find_defect(name);
    if (row == nullptr) throw UsageError("unknown safeguard '" + name + "': see jitterbug list safeguards");
    if (std::find(ids.begin(), ids.end(), row->id) == ids.end()) ids.emplace_back(row->id);
  }
  if (ids.empty()) throw UsageError("no safeguard to score");
  return ids;
}

RowScore summarise(const Defect& defect, const std::vector<Trial>& trials, bool reached) {
  RowScore row;
  row.defect = &defect;
  row.trials = trials.size();
  row.reached = reached;
  std::vector<double> schedules, seconds;
  std::vector<std::string> oracles, names, other_oracles, other_names;
  std::string other_token;
  for (const Trial& trial : trials) {
    if (trial.caught) {
      ++row.caught;
      schedules.push_back(static_cast<double>(trial.schedules));
      seconds.push_back(trial.seconds);
      if (row.token.empty()) row.token = trial.token;
    } else if (other_token.empty()) {
      other_token = trial.token;
    }
    if (!trial.oracle.empty()) (trial.caught ? oracles : other_oracles).push_back(trial.oracle);
    if (!trial.workload.empty()) (trial.caught ? names : other_names).push_back(trial.workload);
  }
  row.oracle = most_frequent(row.caught > 0 ? oracles : other_oracles);
  row.workload = most_frequent(row.caught > 0 ? names : other_names);
  if (row.token.empty()) row.token = other_token;
  row.median_schedules = median(schedules);
  row.median_seconds = median(seconds);
  row.note = scored(defect) ? explain(row, trials) : why_not_scored(defect);
  return row;
}

namespace {

void add_scored_elsewhere(Score& total, const Defect& defect, const ScoreRequest& request,
                          const VariantScorer& variant) {
  try {
    Score other = variant(defect, request);
    total.rows.push_back(std::move(other.rows.at(0)));
    total.schedules += other.schedules;
    total.decisions += other.decisions;
  } catch (const ToolError&) {
    // A signal to all of them may have reached the other process before it had begun.
    if (!interrupted()) throw;
  } catch (const ImpossibleError& error) {
    RowScore row = summarise(defect, {}, true);
    row.armed = false;
    row.note = error.what();
    total.rows.push_back(std::move(row));
  }
}

}  // namespace

Score score(const ScoreRequest& request, const VariantScorer& variant, const ScoreCallback& progress) {
  Score total;
  const std::int64_t started = monotonic_ns();
  Scorer scorer(request, progress, total);
  for (std::size_t i = 0; i < request.rows.size() && !interrupted(); ++i) {
    const Defect& defect = *find_defect(request.rows[i]);
    const ScoreProgress at = {&defect, 0, request.trials, i, request.rows.size(), nullptr};
    if (progress) progress(at);
    if (!scored(defect)) {
      total.rows.push_back(summarise(defect, {}, true));
    } else if (defect.kind == DefectKind::patch && linked_patch() != defect.id) {
      add_scored_elsewhere(total, defect, request, variant);
    } else {
      total.rows.push_back(scorer.score_row(defect, at));
    }
  }
  total.interrupted = interrupted();
  total.seconds = static_cast<double>(monotonic_ns() - started) / 1e9;
  return total;
}

}  // namespace jitterbug
