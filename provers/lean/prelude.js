// Put in front of the Emscripten glue of the embedded Lean.
//
// Lean runs in a worker thread. The glue sends every file operation of a worker to the main
// thread, and each such call waits for milliseconds: thousands of them while a program starts.
// Below, files under /lean and the three standard streams are served in the thread that asks.
// /lean is the folder of the installation, and all that Lean can see of the machine.

var LEAN_ROOT = require("path").dirname(__dirname);
var LEAN_PAGES = Math.min(32768, Number(process.env.NEUROSYM_LEAN_PAGES) || 32768);

// Descriptors of host files start here, far above those of the glue's own file system.
var FIRST_HOST_FD = 1 << 20;
var hostPositions = new Map();

// The host's path of a path inside /lean, or null for all others.
function hostPath(path) {
  var clean = require("path").posix.normalize(path);
  return clean.startsWith("/lean/") ? LEAN_ROOT + clean.slice(5) : null;
}

function errnoOf(error) {
  if (!error.code) throw error;
  return ERRNO_CODES[error.code] ?? ERRNO_CODES.EIO;
}

// A system call answers a number that is not negative, or -errno.
function hostCall(operation) {
  try {
    return operation();
  } catch (error) {
    return -errnoOf(error);
  }
}

function hostStat(path, buffer, stat) {
  return hostCall(() => SYSCALLS.writeStat(buffer, stat(path)));
}

// Opens a host file for reading, or answers null where the glue shall do it.
function hostOpen(path, flags) {
  var host = hostPath(path);
  if (host === null || (flags & 3) !== 0 || !host.endsWith(".olean")) return null;
  return hostCall(() => {
    var fd = FIRST_HOST_FD + fs.openSync(host, "r");
    hostPositions.set(fd, 0);
    return fd;
  });
}

function hostClose(fd) {
  hostPositions.delete(fd);
  fs.closeSync(fd - FIRST_HOST_FD);
  return 0;
}

function hostSeek(fd, offset, whence, result) {
  var origin = [0, hostPositions.get(fd), fs.fstatSync(fd - FIRST_HOST_FD).size][whence];
  var position = origin + Number(offset);
  hostPositions.set(fd, position);
  growMemViews();
  HEAP64[result >> 3] = BigInt(position);
  return 0;
}

function hostDescribe(fd, buffer) {
  growMemViews();
  HEAP8[buffer] = fd < 3 ? 2 : 4; // character device or regular file
  HEAP16[(buffer + 2) >> 1] = 0;
  HEAP64[(buffer + 8) >> 3] = 0n;
  HEAP64[(buffer + 16) >> 3] = 0n;
  return 0;
}

function pauseBriefly() {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}

// Reads or writes with non-blocking pipes too: again until the other side is ready.
function insist(operation) {
  for (;;) {
    try {
      return operation();
    } catch (error) {
      if (error.code === "EOF") return 0;
      if (error.code !== "EAGAIN") throw error;
      pauseBriefly();
    }
  }
}

function readSome(fd, pointer, length) {
  if (fd === 0) return insist(() => fs.readSync(0, HEAPU8, pointer, length, null));
  var position = hostPositions.get(fd);
  var got = fs.readSync(fd - FIRST_HOST_FD, HEAPU8, pointer, length, position);
  hostPositions.set(fd, position + got);
  return got;
}

function writeAll(fd, pointer, length) {
  var put = 0;
  while (put < length) put += insist(() => fs.writeSync(fd, HEAPU8, pointer + put, length - put));
  return put;
}

// Goes through the buffers of a readv or writev, and answers 0 or a positive errno.
function transfer(operation, fd, vector, count, result) {
  try {
    var total = 0;
    for (var i = 0; i < count; i++, vector += 8) {
      growMemViews();
      var pointer = HEAPU32[vector >> 2];
      var length = HEAPU32[(vector + 4) >> 2];
      var done = length === 0 ? 0 : operation(fd, pointer, length);
      total += done;
      if (done < length) break;
    }
    HEAPU32[result >> 2] = total;
    return 0;
  } catch (error) {
    return errnoOf(error);
  }
}

// symbols.txt holds a line "NAME NUMBER" for each symbol of the module, sorted by name: the slot of
// a function in the table, the address of a datum. It is searched as it lies in the file, since a
// map of 200,000 names would cost more time and memory than the few thousand look-ups.
var leanSymbols = null;
function findSymbol(handle, pointer) {
  leanSymbols ??= fs.readFileSync(scriptDirectory + "symbols.txt");
  var name = UTF8ToString(pointer);
  var wanted = Buffer.from(name + " ");
  var low = 0;
  var high = leanSymbols.length;
  while (low < high) {
    var middle = (low + high) >>> 1;
    var start = middle === 0 ? 0 : leanSymbols.lastIndexOf(10, middle - 1) + 1;
    var end = leanSymbols.indexOf(10, start);
    var order = leanSymbols.compare(wanted, 0, wanted.length, start, Math.min(start + wanted.length, end));
    if (order === 0) return Number(leanSymbols.toString("latin1", start + wanted.length, end));
    if (order < 0) low = end + 1;
    else high = start;
  }
  dlSetError(`unknown symbol "${name}"`);
  return 0;
}

// The build reports each step of its start; only what went wrong is worth a line.
function report(...words) {
  if (/threw|exception|error|assert/i.test(words[0])) fs.writeSync(2, words.join(" ") + "\n");
}
