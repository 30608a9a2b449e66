#include "backends/redis/reader.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "backends/redis/key_walk.hpp"
#include "backends/redis/log_reading.hpp"
#include "backends/redis/stored.hpp"
#include "backends/redis/stored_log.hpp"
#include "backends/redis/stray_keys.hpp"

namespace keelson::backends::redis {

namespace {

/// What every reader does, under either of the contract's interfaces.
template <class Interface>
class redis_reader : public Interface {
 public:
  redis_reader(std::shared_ptr<store> keep, layout names, connection server, store_role role)
      : keep_(std::move(keep)), names_(std::move(names)), server_(std::move(server)), role_(role) {}

  result<store_point> point() override {
    out_.clear();
    ask_point();
    const auto answer = server_.exchange(out_);
    if (!answer) return std::unexpected(answer.error());
    return point_in(answer->front());
  }

  result<documents_read> get(std::span<const document_id> ids, std::size_t max_bytes) override {
    if (max_bytes != store_reader::no_limit) {
      const auto sizes = sizes_of(ids);
      if (!sizes) return std::unexpected(sizes.error());
      byte_budget budget(max_bytes);
      for (const auto size : *sizes) {
        if (auto taken = budget.take(size); !taken) return pass_on(std::move(taken));
      }
    }
    out_.clear();
    out_.add("MULTI");
    ask_point();
    for (const auto& id : ids) ask_document(out_, names_, id, scan_content::whole);
    out_.add("EXEC");
    auto answers = server_.exchange(out_);
    if (!answers) return pass_on(std::move(answers));
    const auto& all = answers->back();
    if (all.failed()) return std::unexpected(to_error(all));
    if (all.items.size() != ids.size() + 1) return fail(errc::store_io, "EXEC gave no list");
    auto at = point_in(all.items.front());
    if (!at) return pass_on(std::move(at));
    documents_read read{.at = {*at, *at}};
    for (std::size_t i = 0; i < ids.size(); ++i) {
      read.documents.push_back(read_document(all.items[i + 1], ids[i]));
    }
    return read;
  }

  result<scan_page> scan(const scan_request& request) override {
    auto before = point();
    if (!before) return pass_on(std::move(before));
    if (auto found = find_strays(request); !found) return pass_on(std::move(found));
    scan_page page{.at = {*before, *before}};
    const bool everywhere = request.collection.empty();
    const std::span<const document_id> strays(strays_.data(), everywhere ? strays_.size() : 0);
    key_walk walk(server_, names_, request, strays);
    if (auto filled = fill(page, walk, request); !filled) return pass_on(std::move(filled));
    auto after = point();
    if (!after) return pass_on(std::move(after));
    page.at.after = std::move(*after);
    return page;
  }

 protected:
  [[nodiscard]] connection& server() { return server_; }
  [[nodiscard]] const layout& names() const { return names_; }

 private:
  void ask_point() {
    if (role_ == store_role::primary) {
      ask_meta(out_, names_);
    } else {
      ask_state(out_, names_);
    }
  }

  result<store_point> point_in(const reply& answer) const {
    if (role_ == store_role::primary) {
      const auto meta = read_meta(answer);
      if (!meta) return std::unexpected(meta.error());
      return store_point{.what = store_point::phase::applied, .at = meta->end()};
    }
    auto stored = read_state(answer);
    if (!stored) return pass_on(std::move(stored));
    return std::move(stored->state.point);
  }

  /// Of the values; 0 where there is none.
  result<std::vector<std::size_t>> sizes_of(std::span<const document_id> ids) {
    out_.clear();
    for (const auto& id : ids) out_.add("HSTRLEN", names_.document(id), "value");
    const auto answers = server_.exchange(out_);
    if (!answers) return std::unexpected(answers.error());
    std::vector<std::size_t> sizes;
    sizes.reserve(ids.size());
    for (const auto& answer : *answers) sizes.push_back(answer.count());
    return sizes;
  }

  /// How many of the next keys fit into the page.
  result<std::size_t> fitting(std::span<const document_id> ids, const scan_request& request,
                              std::size_t& bytes, bool first) {
    if (request.content == scan_content::without_values) return ids.size();
    const auto sizes = sizes_of(ids);
    if (!sizes) return std::unexpected(sizes.error());
    std::size_t count = 0;
    for (const auto size : *sizes) {
      const bool begun = !first || count > 0;
      if (begun && size > 0 && bytes + size > request.max_bytes) break;
      bytes += size;
      ++count;
    }
    return count;
  }

  result<void> fill(scan_page& page, key_walk& walk, const scan_request& request) {
    std::size_t bytes = 0;
    while (true) {
      // One more than fits shows whether there is one.
      auto keys = walk.next(request.max_documents + 1 - page.documents.size());
      if (!keys) return pass_on(std::move(keys));
      page.at_end = keys->empty();
      if (page.at_end) return {};
      const auto count = fitting(*keys, request, bytes, page.documents.empty());
      if (!count) return std::unexpected(count.error());
      const bool full = *count < keys->size();
      keys->resize(*count);
      if (auto read = append(page, *keys, request.content); !read) return read;
      if (page.documents.size() > request.max_documents) {
        page.documents.pop_back();
        return {};
      }
      if (full && !page.documents.empty()) return {};
    }
  }

  result<void> append(scan_page& page, std::vector<document_id>& ids, scan_content content) {
    out_.clear();
    for (const auto& id : ids) ask_document(out_, names_, id, content);
    const auto answers = server_.exchange(out_);
    if (!answers) return std::unexpected(answers.error());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      auto found = read_document((*answers)[i], std::move(ids[i]));
      if (found) page.documents.push_back(std::move(*found));
    }
    return {};
  }

  /// Once for a run of scans over all collections.
  result<void> find_strays(const scan_request& request) {
    if (!request.collection.empty()) return {};
    const bool begins = !request.after || request.after->collection.text().empty();
    if (swept_ && !begins) return {};
    auto found = stray_keys(server_, names_);
    if (!found) return pass_on(std::move(found));
    strays_ = std::move(*found);
    swept_ = true;
    return {};
  }

  std::shared_ptr<store> keep_;
  layout names_;
  connection server_;
  store_role role_;
  command_buffer out_;
  std::vector<document_id> strays_;
  bool swept_ = false;
};

class redis_primary_reader final : public redis_reader<primary_reader> {
 public:
  redis_primary_reader(std::shared_ptr<store> keep, layout names, connection server)
      : redis_reader(std::move(keep), std::move(names), std::move(server), store_role::primary) {}

  result<primary_meta> meta() override { return fetch_meta(server(), names()); }
  result<log_slice> read_log(sequence after, std::size_t max_records,
                             std::size_t max_bytes) override {
    return read_log_slice(server(), names(), after, max_records, max_bytes);
  }
  result<std::optional<hash256>> chain_at(sequence at) override {
    return read_chain(server(), names(), at);
  }
  result<std::vector<system_row>> system_rows(std::string_view prefix, std::string_view after,
                                              std::size_t limit) override {
    return read_system_rows(server(), names(), prefix, after, limit);
  }
};

}  // namespace

std::unique_ptr<store_reader> new_reader(std::shared_ptr<store> keep, layout names,
                                         connection server, store_role role) {
  return std::make_unique<redis_reader<store_reader>>(std::move(keep), std::move(names),
                                                      std::move(server), role);
}

std::unique_ptr<primary_reader> new_primary_reader(std::shared_ptr<store> keep, layout names,
                                                   connection server) {
  return std::make_unique<redis_primary_reader>(std::move(keep), std::move(names),
                                                std::move(server));
}

}  // namespace keelson::backends::redis
