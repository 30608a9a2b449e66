#include "tests/unit/http/map_actors.hpp"

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace keelson::test {

using namespace messages;

namespace {

using control_ptr = std::shared_ptr<actor_control>;

writer::behavior_type map_writer(writer::pointer self, control_ptr control) {
  return {[self, control](write_atom, const write_batch& batch) -> caf::result<write_receipts> {
    if (control->writer_silent) {
      static_cast<void>(self->make_response_promise<write_receipts>());
      return caf::delegated<write_receipts>();
    }
    const std::lock_guard lock(control->mutex);
    control->write_messages.push_back(batch.requests.size());
    write_receipts out;
    for (const write_request& each : batch.requests)
      out.answers.emplace_back(control->store.write(each));
    return out;
  }};
}

answer<get_reply> read_one(const actor_control& control, const get_request& request) {
  const position now = control.store.at();
  if (!request.minimum.epoch.empty() && request.minimum.epoch != now.epoch)
    return error{.code = errc::history_lost, .detail = "another epoch", .oldest = "abcdefgh:0"};
  if (request.minimum.at > now.at)
    return error{.code = errc::position_not_reached, .detail = "not yet"};
  return control.store.get(request);
}

reader::behavior_type map_reader(reader::pointer, control_ptr control) {
  return {[control](get_atom, const get_batch& batch) {
            const std::lock_guard lock(control->mutex);
            get_replies out;
            for (const get_request& each : batch.requests)
              out.answers.push_back(read_one(*control, each));
            return out;
          },
          [control](get_many_atom, const get_many_request& request) {
            const std::lock_guard lock(control->mutex);
            return answer<get_many_reply>(control->store.get_many(request));
          },
          [control](list_atom, const list_request& request) {
            const std::lock_guard lock(control->mutex);
            return answer<list_page>(control->store.list(request));
          },
          [control](sums_atom, const collections_request&) {
            const std::lock_guard lock(control->mutex);
            return answer<collections_reply>(control->store.sums());
          }};
}

primary_reporter::behavior_type map_primary(primary_reporter::pointer, control_ptr control) {
  return {[control](status_atom) {
    const std::lock_guard lock(control->mutex);
    return primary_status{
        .url = "memory:",
        .state = control->primary_serves ? component_state::serving : component_state::broken,
        .log_id = "log",
        .at = control->store.at(),
        .oldest = {"abcdefgh", {}}};
  }};
}

secondary_reporter::behavior_type map_secondary(secondary_reporter::pointer, control_ptr) {
  return {[](status_atom) {
    return secondary_status{.name = "kv", .url = "memory:", .state = component_state::live};
  }};
}

secondary_operator::behavior_type map_operator(secondary_operator::pointer self,
                                               control_ptr control) {
  const auto in = [](component_state state) {
    return answer<secondary_status>(secondary_status{.url = "memory:", .state = state});
  };
  return {[=](pause_atom) -> caf::result<answer<secondary_status>> {
            if (!control->operator_silent) return in(component_state::paused);
            static_cast<void>(self->make_response_promise<answer<secondary_status>>());
            return caf::delegated<answer<secondary_status>>();
          },
          [=](resume_atom) { return in(component_state::live); },
          [=](rebuild_atom, const rebuild_request& request) -> answer<secondary_status> {
            if (request.confirmed != 0) return in(component_state::rebuilding);
            return error{.code = errc::confirmation_required, .detail = "much would be deleted"};
          }};
}

answer<verify_report> report_of(const std::string& id) {
  if (id != "pass1") return error{.code = errc::not_found, .detail = "there is no such pass"};
  return verify_report{.id = id, .state = pass_state::equal, .progress = 1};
}

validator::behavior_type map_validator(validator::pointer, control_ptr control) {
  return {
      [control](check_atom, const check_batch& batch) {
        const std::lock_guard lock(control->mutex);
        for (const document_id& id : batch.ids) control->checked.push_back(id.key.text());
      },
      [](compare_atom, const request_context&, const document_id&) {
        return comparisons{{{"kv", comparison::equal}}};
      },
      [](verify_atom, const verify_request&) { return answer<std::string>(std::string("pass1")); },
      [](report_atom, const std::string& id) { return report_of(id); },
      [](differ_atom, const differences_request& request) -> answer<differences_page> {
        if (request.pass != "pass1") return report_of(request.pass).problem;
        return differences_page{.at_end = 1};
      },
      [](cancel_atom, const std::string& id) { return report_of(id); },
      [](status_atom) { return validator_status{.checks = 3}; }};
}

}  // namespace

bridge::services spawn_map_actors(caf::actor_system& system, control_ptr control) {
  bridge::services out{.writer = system.spawn(map_writer, control),
                       .primary = system.spawn(map_reader, control),
                       .primary_reporter = system.spawn(map_primary, control),
                       .validator = system.spawn(map_validator, control)};
  out.secondaries.push_back({"kv", system.spawn(map_reader, control),
                             system.spawn(map_secondary, control),
                             system.spawn(map_operator, control)});
  return out;
}

void end_map_actors(const bridge::services& services) {
  const auto end = [](const auto& handle) {
    if (handle) caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  };
  end(services.writer);
  end(services.primary);
  end(services.primary_reporter);
  end(services.validator);
  for (const auto& each : services.secondaries) {
    end(each.reader);
    end(each.reporter);
    end(each.verbs);
  }
}

}  // namespace keelson::test
