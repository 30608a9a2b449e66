"""A peer that is gone without a word, as after a cut cable: nothing that comes in for its socket is
acknowledged any more."""

import ctypes
import socket

SO_ATTACH_FILTER = 26   # <asm-generic/socket.h>; Python does not name it
RETURN_CONSTANT = 0x06  # BPF_RET | BPF_K: how many bytes of a packet are let in


class Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint16), ("if_true", ctypes.c_uint8),
                ("if_false", ctypes.c_uint8), ("constant", ctypes.c_uint32)]


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(Instruction))]


def vanish(of):
    """From now on every packet for this socket is lost before its own kernel sees it."""
    nothing = Instruction(RETURN_CONSTANT, 0, 0, 0)
    program = Program(1, ctypes.pointer(nothing))
    of.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, bytes(program))
