#pragma once

#include <sqlite3.h>

namespace keelson::backends::sqlite {

/// The name of a VFS of SQLite (https://www.sqlite.org/vfs.html) that is the default one but for
/// the write-ahead log: what is appended to it is gathered and handed to the system in one piece
/// before the next sync or read, instead of twice a page.
///
/// Only for connections with `synchronous = FULL`, where SQLite syncs the log before it shows a
/// commit to anybody. A write that fails, say on a full disk, fails the sync instead, which is part
/// of the same commit.
[[nodiscard]] const char* gathering_vfs();

/// Lets go of what a transaction that is not to be committed has gathered on this connection: once
/// its lock is released, somebody else's commit may lie at the same place. Does nothing over
/// another VFS.
void drop_gathered(sqlite3* db);

}  // namespace keelson::backends::sqlite
