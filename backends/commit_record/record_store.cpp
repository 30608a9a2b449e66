#include "backends/commit_record/record_store.hpp"

#include <atomic>
#include <utility>

#include "backends/admission.hpp"
#include "backends/commit_record/batch_codec.hpp"
#include "backends/commit_record/record_sessions.hpp"
#include "backends/commit_record/record_writer.hpp"
#include "backends/first_meta.hpp"
#include "backends/ordered_kv/codec.hpp"

namespace keelson::backends::commit_record {

namespace {

class record_store final : public store {
 public:
  record_store(std::shared_ptr<record_engine> engine, const capabilities& abilities,
               store_role role)
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

  std::shared_ptr<record_engine> engine_;
  capabilities abilities_;
  store_role role_;
  writing_turn::flag writing_ = std::make_shared<std::atomic<bool>>(false);
};

std::string first_state(const ownership& owner, std::string_view epoch) {
  std::string state;
  if (owner.role == store_role::primary) {
    ordered_kv::encode_primary_meta(state, first_meta(owner, epoch));
  } else {
    ordered_kv::encode_secondary_state(state, {}, {});
  }
  return state;
}

/// Inserts the first record, unless a cut short creation did.
result<void> fill(record_engine& engine, const ownership& owner, std::string_view epoch) {
  const record_head first{.number = 1, .state = first_state(owner, epoch), .complete = true};
  const auto inserted = engine.insert(first, encode_body({}, {}, {}));
  if (!inserted) return std::unexpected(inserted.error());
  return engine.change_sign({.owner = owner, .filled = true});
}

/// Appends the state of an adopted store, and gives it its mark when that is done.
result<void> adopt(record_engine& engine, const ownership& owner) {
  record_writer writer(engine);
  const auto newest = writer.newest();
  if (!newest) return std::unexpected(newest.error());
  next_record next{.last = newest->last, .floor = newest->floor};
  if (owner.role == store_role::primary) {
    auto meta = ordered_kv::decode_primary_meta(newest->state);
    if (!meta) return pass_on(std::move(meta));
    meta->log_id = owner.log_id;
    ordered_kv::encode_primary_meta(next.state, *meta);
  } else {
    ordered_kv::encode_secondary_state(next.state, {}, {});
  }
  if (auto done = writer.append(next); !done) return done;
  return engine.change_sign({.owner = owner, .filled = true});
}

place place_of(const std::optional<store_sign>& sign) {
  if (!sign) return {};
  return {.what = place::kind::ours, .owner = sign->owner, .format = sign->format};
}

/// Makes the place `owner`'s, whatever was begun there before.
result<void> prepare(record_engine& engine, std::string_view where, const ownership& owner,
                     foreign_policy policy, std::string_view first_epoch) {
  auto sign = engine.sign();
  if (!sign && sign.error().code == errc::store_foreign) {
    place foreign{.what = place::kind::foreign, .reason = sign.error().detail};
    return admit(where, foreign, owner, policy, foreign_data::mixed);
  }
  if (!sign) return pass_on(std::move(sign));
  auto right = admit(where, place_of(*sign), owner, policy, foreign_data::mixed);
  if (!right) return right;
  if (!*sign) {
    const auto created = engine.create({.owner = owner});
    if (!created) return std::unexpected(created.error());
    // Somebody else may have been faster.
    if (!*created) return prepare(engine, where, owner, policy, first_epoch);
    return fill(engine, owner, first_epoch);
  }
  if (!(*sign)->filled) return fill(engine, owner, first_epoch);
  return (*sign)->owner == owner ? result<void>() : adopt(engine, owner);
}

}  // namespace

result<place> look(record_engine& engine) {
  auto sign = engine.sign();
  if (sign) return place_of(*sign);
  if (sign.error().code != errc::store_foreign) return pass_on(std::move(sign));
  return place{.what = place::kind::foreign, .reason = sign.error().detail};
}

result<std::shared_ptr<store>> open_store(std::shared_ptr<record_engine> engine,
                                          const capabilities& abilities, std::string_view where,
                                          const ownership& owner, foreign_policy policy,
                                          std::string_view first_epoch) {
  auto ready = prepare(*engine, where, owner, policy, first_epoch);
  if (!ready) return pass_on(std::move(ready));
  return std::make_shared<record_store>(std::move(engine), abilities, owner.role);
}

}  // namespace keelson::backends::commit_record
