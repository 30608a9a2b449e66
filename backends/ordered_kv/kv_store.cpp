#include "backends/ordered_kv/kv_store.hpp"

#include <array>
#include <utility>

#include "backends/admission.hpp"
#include "backends/first_meta.hpp"
#include "backends/ordered_kv/codec.hpp"
#include "backends/ordered_kv/keys.hpp"
#include "backends/ordered_kv/kv_readers.hpp"
#include "backends/ordered_kv/kv_sessions.hpp"
#include "backends/ordered_kv/reading.hpp"
#include "backends/ordered_kv/row_writer.hpp"

namespace keelson::backends::ordered_kv {

namespace {

class kv_store final : public store {
 public:
  kv_store(std::shared_ptr<kv_engine> engine, const capabilities& abilities, store_role role)
      : engine_(std::move(engine)), abilities_(abilities), role_(role) {}

  capabilities abilities() const override { return abilities_; }

  result<std::unique_ptr<primary_session>> open_primary() override {
    if (role_ != store_role::primary) return not_a("primary");
    auto turn = writing_turn::take(engine_, writing_);
    if (!turn) return pass_on(std::move(turn));
    return make_primary_session(*std::move(turn));
  }
  result<std::unique_ptr<secondary_session>> open_secondary() override {
    if (role_ != store_role::secondary) return not_a("secondary");
    auto turn = writing_turn::take(engine_, writing_);
    if (!turn) return pass_on(std::move(turn));
    return make_secondary_session(*std::move(turn));
  }
  result<std::unique_ptr<store_reader>> open_reader() override {
    return make_reader(engine_, role_);
  }
  result<std::unique_ptr<primary_reader>> open_primary_reader() override {
    if (role_ != store_role::primary) return not_a("primary");
    return make_primary_reader(engine_);
  }

 private:
  static std::unexpected<error> not_a(std::string_view role) {
    return fail(errc::not_supported, "this store was not opened as a " + std::string(role));
  }

  std::shared_ptr<kv_engine> engine_;
  capabilities abilities_;
  store_role role_;
  writing_turn::flag writing_ = std::make_shared<std::atomic<bool>>(false);
};

/// The mark of `owner` and the row of a store that begins, or of one that was adopted.
result<void> take_over(kv_engine& engine, const place& found, const ownership& owner,
                       std::string_view first_epoch) {
  const auto batch = engine.new_batch();
  row_writer writer;
  writer.begin(*batch);
  writer.mark({.owner = owner});
  if (owner.role == store_role::secondary) {
    writer.state({}, {});
  } else if (found.what == place::kind::empty) {
    writer.meta(first_meta(owner, first_epoch));
  } else {
    auto meta = read_primary_meta(*engine.latest());
    if (!meta) return pass_on(std::move(meta));
    meta->log_id = owner.log_id;
    writer.meta(*meta);
  }
  return engine.write(*batch, write_mode::synced);
}

}  // namespace

result<place> look(kv_view& view) {
  auto mark = read_value(view, owner_key);
  if (!mark) return pass_on(std::move(mark));
  if (*mark) {
    auto known = decode_mark(**mark);
    if (!known) return place{.what = place::kind::foreign, .reason = known.error().detail};
    return place{.what = place::kind::ours, .owner = known->owner, .format = known->format};
  }
  place found;
  const auto note = [&](std::string_view, std::string_view) -> result<step> {
    found = {.what = place::kind::foreign, .reason = "keys without an owner's mark"};
    return step::stop;
  };
  const key_range all;
  if (auto done = view.visit(all, direction::forward, note); !done) return pass_on(std::move(done));
  return found;
}

result<std::shared_ptr<store>> open_store(std::shared_ptr<kv_engine> engine,
                                          const capabilities& abilities, std::string_view where,
                                          const ownership& owner, foreign_policy policy,
                                          std::string_view first_epoch) {
  {
    const std::scoped_lock alone(engine->writing());
    auto found = look(*engine->latest());
    if (!found) return pass_on(std::move(found));
    auto admitted = admit(where, *found, owner, policy, foreign_data::mixed);
    if (!admitted) return pass_on(std::move(admitted));
    if (found->what == place::kind::empty || found->owner != owner) {
      auto taken = take_over(*engine, *found, owner, first_epoch);
      if (!taken) return pass_on(std::move(taken));
    }
  }
  return std::make_shared<kv_store>(std::move(engine), abilities, owner.role);
}

}  // namespace keelson::backends::ordered_kv
