#pragma once

#include <cstddef>
#include <cstdint>

/// What libFuzzer calls (llvm.org/docs/LibFuzzer.html); aborts on a broken promise.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
