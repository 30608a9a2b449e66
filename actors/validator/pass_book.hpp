#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "actors/validator/ledger.hpp"
#include "actors/validator/pass_part.hpp"

namespace keelson::validator {

/// A full comparison that somebody asked for, with one part for each secondary.
class pass {
 public:
  pass(std::string id, const messages::verify_request& asked, const validator_options& options);

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const std::string& collection() const noexcept { return collection_; }
  [[nodiscard]] std::vector<pass_part>& parts() noexcept { return parts_; }
  [[nodiscard]] bool running() const noexcept;
  [[nodiscard]] bool running_on(const std::string& secondary) const noexcept;
  /// The worst state of the parts; running as long as one is.
  [[nodiscard]] messages::pass_state state() const;
  [[nodiscard]] double progress() const noexcept;
  [[nodiscard]] messages::verify_report report() const;
  [[nodiscard]] messages::differences_page differences(std::uint64_t after,
                                                       std::uint32_t limit) const;

  /// Keeps a difference for the report, in the order in which they are found.
  void found(messages::open_difference difference);
  void stop();

 private:
  std::string id_;
  std::string collection_;
  std::size_t most_differences_;
  std::vector<pass_part> parts_;
  std::vector<messages::open_difference> differences_;
};

/// The passes that run and the last ones that ended. Pure.
class pass_book {
 public:
  explicit pass_book(const validator_options& options) : options_(options) {}

  /// Fails with busy while a pass runs on one of the secondaries asked for, not_found for a
  /// secondary that there is not, invalid_collection for a name that is none.
  [[nodiscard]] result<std::shared_ptr<pass>> begin(const messages::verify_request& asked,
                                                    timestamp now);
  /// Null if there is none of that id, or no longer.
  [[nodiscard]] std::shared_ptr<pass> find(const std::string& id) const;
  /// The newest that runs; null if none does.
  [[nodiscard]] std::shared_ptr<pass> running() const;
  void stop_all();

 private:
  const validator_options& options_;
  std::deque<std::shared_ptr<pass>> passes_;
  std::uint64_t count_ = 0;
};

}  // namespace keelson::validator
