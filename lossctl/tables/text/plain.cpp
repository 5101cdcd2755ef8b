// Plain cells of text to columns of float64, without the interpreter's lock.
//
// Whatever is out of the ordinary (quotation marks, spaces, a plus sign, a missing value, 2^53 and
// above, a byte beyond ASCII in a word, a row of another width) is answered with None: then the
// readers in Python decide. No byte outside the text is read: a text ends in a newline, which ends
// every cell, and whatever reads on by itself is told where the text ends.

#define Py_LIMITED_API 0x030B0000  // Python 3.11: from then on the buffer protocol is in it
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#if !defined(__cpp_lib_to_chars)
#error "std::from_chars does not read double here; lossctl works without this extension"
#endif

namespace {
using Size = Py_ssize_t;
using Whole = unsigned __int128;
constexpr Size kLongestCell = 256, kPiece = 128;  // newlines are counted in so many bytes at once
constexpr Size kMostWords = 4096;                 // with more, a column is no column of labels
constexpr double kExactBelow = 0x1p53;
constexpr uint64_t kZeros = 0x3030303030303030, kHighest = 0x8080808080808080;
constexpr uint64_t kUnits[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
constexpr long double kTens[] = {  // all exact in 64 bits, as 5^26 is
    1e0L, 1e1L, 1e2L, 1e3L, 1e4L, 1e5L, 1e6L, 1e7L, 1e8L, 1e9L, 1e10L, 1e11L, 1e12L, 1e13L,
    1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L};

inline bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// Whether an id may be a float of 2^53 or above, which has lost digits: no good id.
bool may_be_large_float(std::string_view id) {
    return id.find_first_not_of(" 0123456789+-.eE") == id.npos &&
           (id.find_first_of("eE") != id.npos || (id.size() >= 18 && id.find('.') != id.npos));
}

// Whether a long double has 64 bits, and the processor was not told to round to fewer.
bool has_64_bits() {
    volatile long double one = 1;
    return __LDBL_MANT_DIG__ == 64 && one + 0x1p-63L != one;
}

// The number that eight digits are, of which the first is the lowest byte: after Lemire.
inline uint64_t eight_digits(uint64_t bytes) {
    bytes = 10 * (bytes - kZeros) + ((bytes - kZeros) >> 8);
    return uint32_t(((bytes & 0xFF000000FF) * 0xF424000000064 +
                     (bytes >> 16 & 0xFF000000FF) * 0x271000000001) >> 32);
}

// Append the digits at p to a number, eight at a time; return where they end. It returns nullptr
// where the number would reach 2^63, and where there are no eight bytes to look at.
inline const char *append_digits(const char *p, const char *end, uint64_t &number) {
    for (; end - p >= 8; p += 8) {
        uint64_t bytes;
        std::memcpy(&bytes, p, 8);
        // The highest bit of a byte is set if it is no digit; a carry spoils only those behind.
        const uint64_t others = ((bytes - kZeros) | (bytes + 0x4646464646464646)) & kHighest;
        if (others) {
            const int count = __builtin_ctzll(others) / 8;
            bytes = count ? bytes << (64 - 8 * count) | kZeros >> 8 * count : kZeros;
            const auto whole = Whole(number) * kUnits[count] + eight_digits(bytes);
            number = uint64_t(whole);
            return whole >> 63 ? nullptr : p + count;
        }
        if (number >= (uint64_t(1) << 63) / kUnits[8]) return nullptr;
        number = kUnits[8] * number + eight_digits(bytes);
    }
    return nullptr;
}

// Distinct words, numbered in the order in which they are met.
struct Words {
    std::unordered_map<std::string_view, Size> numbers{};
    std::string all{};  // in that order; each ends in a newline
    std::string_view last{};
    Size last_number = -1;

    // The number of a word; -1 where there are too many.
    Size number(std::string_view word) {
        if (word != last) {
            const auto [found, is_new] = numbers.try_emplace(word, Size(numbers.size()));
            if (is_new) all.append(word).push_back('\n');
            last = word, last_number = found->second;
        }
        return last_number < kMostWords ? last_number : -1;
    }
};

struct Spot { Size start, size; };  // of a text within the whole
struct Column {
    char kind, stop;  // n: numbers; w: words, as their numbers; t: texts; -: skipped
    void *cells;      // where they go: a double for each row, or a Spot
    Words *words;     // of a column of words
    double &number(Size row) const { return static_cast<double *>(cells)[row]; }
};

struct Table {
    const char *start, *end;
    Size rows;
    char delimiter, decimal;
    std::vector<Column> columns;
    bool is_wide = has_64_bits();

    // Whether all of the text was understood.
    bool parse() const {
        const char *p = start;
        if (p == end || end[-1] != '\n') return false;
        for (Size row = 0; row < rows; row++) {
            if (p == end || *p == '\n' || *p == '\r') return false;  // a blank line
            for (const Column &column : columns) {
                if (column.kind == 'n' && is_digit(*p) && p[1] == column.stop) {
                    column.number(row) = *p - '0';  // as one-hot targets are
                    p += 2;
                    continue;
                }
                p = column.kind == 'n' ? number(p, column, row) : cell(p, column, row);
                if (p && *p == '\r' && column.stop == '\n') p++;
                if (!p || *p++ != column.stop) return false;
            }
        }
        return p == end;
    }

    // Read a number; return where it ends, or nullptr.
    const char *number(const char *p, const Column &column, Size row) const {
        double &value = column.number(row);
        const bool is_negative = *p == '-';
        if (!is_digit(p[is_negative])) return nullptr;  // std::from_chars takes inf and nan
        if (end - p > 3 && p[3] == column.stop && p[2] == '0' && p[1] == decimal && !is_negative) {
            value = *p - '0';  // 0.0 or 1.0
            return p + 3;
        }
        const char *behind = is_wide ? quotient(p + is_negative, value) : nullptr;
        if (behind && is_negative) value = -value;
        if (!behind) behind = any_number(p, value);
        return behind && value < kExactBelow && value > -kExactBelow ? behind : nullptr;
    }

    // Read digits that make up less than 2^63, with a point or without: 20 ns less a number. They
    // are divided by a power of ten and rounded to 64 bits, then to a double's 53. That is right
    // unless those 64 bits lie halfway between two doubles: then, as for all else, nullptr.
    const char *quotient(const char *p, double &value) const {
        uint64_t digits = 0, bits;
        size_t places = 0;
        while (is_digit(*p) && digits < 1ull << 59) digits = 10 * digits + uint64_t(*p++ - '0');
        if (*p == decimal) {
            const char *point = p + 1;
            if (!(p = append_digits(point, end, digits))) return nullptr;
            places = size_t(p - point);
        }
        if (is_digit(*p) || *p == 'e' || *p == 'E' || places >= std::size(kTens)) return nullptr;
        const long double rounded = int64_t(digits) / kTens[places];
        std::memcpy(&bits, &rounded, sizeof bits);
        value = double(rounded);
        return (bits & 0x7FF) == 0x400 ? nullptr : p;
    }

    // Read any number as std::from_chars does, which knows no decimal point but one.
    const char *any_number(const char *p, double &value) const {
        char pointed[kLongestCell];
        const char *first = p, *last = end;
        if (decimal != '.') {
            first = pointed;
            last = std::replace_copy(p, p + std::min(kLongestCell, end - p), pointed, decimal, '.');
        }
        const auto [behind, error] = std::from_chars(first, last, value);
        const char *stop = p + (behind - first);
        if (error != std::errc() || behind == last) return nullptr;  // the last one is a newline
        return decimal == '.' || std::find(p, stop, '.') == stop ? stop : nullptr;
    }

    // Read a cell that is no number; return where it ends, or nullptr.
    const char *cell(const char *p, const Column &column, Size row) const {
        const char *from = p;
        for (; *p != delimiter && *p != '\n' && *p != '\r'; p++)
            if (*p == '"' || *p == '\0' || static_cast<unsigned char>(*p) > 127) return nullptr;
        if (column.kind == '-') return p;
        const std::string_view text(from, size_t(p - from));
        if (text.empty() || Size(text.size()) > kLongestCell) return nullptr;
        if (column.kind == 'w') {
            const Size number = column.words->number(text);
            column.number(row) = double(number);
            return number < 0 ? nullptr : p;
        }
        if (may_be_large_float(text)) return nullptr;
        static_cast<Spot *>(column.cells)[row] = {from - start, p - from};
        return p;
    }
};

// The memory of an object, as long as this lives.
struct View : Py_buffer {
    View() : Py_buffer{} {}
    View(const View &) = delete;
    ~View() { PyBuffer_Release(this); }
    template <class T> T *as() const { return static_cast<T *>(buf); }
    template <class T> Size count() const { return len / Size(sizeof(T)); }
};

// Fill in where the cells of each column go; return whether there is room for so many rows.
bool assign(Table &table, const View &kinds, const View &places, const View &values,
            const View &spots, std::deque<Words> &words) {
    for (Size i = 0; i < kinds.len; i++) {
        const char kind = kinds.as<char>()[i], stop = i + 1 < kinds.len ? table.delimiter : '\n';
        const Size place = kind == '-' ? 0 : places.as<Size>()[i];
        const View &view = kind == 't' ? spots : values;
        const Size size = table.rows * Size(kind == 't' ? sizeof(Spot) : sizeof(double));
        const bool has_room = kind == '-' || (place >= 0 && place < view.len / size);
        if (!has_room || !std::memchr("nwt-", kind, 4)) return false;
        Words *distinct = kind == 'w' ? &words.emplace_back() : nullptr;
        table.columns.push_back({kind, stop, view.as<char>() + place * size, distinct});
    }
    return true;
}

// parse(text, rows, delimiter, decimal, kinds, places, values, spots) -> str | None
PyObject *parse(PyObject *, PyObject *arguments) {
    View text, kinds, places, values, spots;
    Size rows;
    int delimiter, decimal;
    if (!PyArg_ParseTuple(arguments, "y*nCCy*y*w*w*", &text, &rows, &delimiter, &decimal, &kinds,
                          &places, &values, &spots))
        return nullptr;
    if (delimiter > 127 || !std::memchr(",;\t|", delimiter, 4) || delimiter == decimal ||
        (decimal != '.' && decimal != ','))
        return PyErr_Format(PyExc_ValueError, "such a delimiter or decimal point is not known");
    if (rows < 1 || rows > text.len || kinds.len < 1 || kinds.len != places.count<Size>())
        return PyErr_Format(PyExc_ValueError, "no rows, or no place");
    const char *start = text.as<const char>();
    Table table{start, start + text.len, rows, char(delimiter), char(decimal), {}};
    std::deque<Words> words;
    std::string all;
    bool fits = false, understood = false;
    Py_BEGIN_ALLOW_THREADS
    try {
        fits = assign(table, kinds, places, values, spots, words);
        understood = fits && table.parse();
        for (const Words &each : words) all.append(each.all).push_back('\0');
    } catch (const std::bad_alloc &) { fits = true, understood = false; }
    Py_END_ALLOW_THREADS
    if (!fits) return PyErr_Format(PyExc_ValueError, "the buffers do not fit the columns");
    if (!understood) Py_RETURN_NONE;
    return PyUnicode_FromStringAndSize(all.data(), Size(all.size()));
}

// gather(text, spots, texts): copy each text to the start of its place among the texts
PyObject *gather(PyObject *, PyObject *arguments) {
    View text, spots, texts;
    if (!PyArg_ParseTuple(arguments, "y*y*w*", &text, &spots, &texts)) return nullptr;
    const Size rows = spots.count<Spot>(), room = rows ? texts.len / rows : 0;
    bool inside = true;
    Py_BEGIN_ALLOW_THREADS
    for (Size row = 0; inside && row < rows; row++) {
        const auto [start, size] = spots.as<const Spot>()[row];
        inside = start >= 0 && size >= 0 && size <= room && start <= text.len - size;
        if (inside)
            std::memcpy(texts.as<char>() + row * room, text.as<char>() + start, size_t(size));
    }
    Py_END_ALLOW_THREADS
    if (!inside) return PyErr_Format(PyExc_ValueError, "a text lies outside of its buffer");
    Py_RETURN_NONE;
}

// lines(text, wanted) -> (how many of them it has, where the last of these ends)
PyObject *lines(PyObject *, PyObject *arguments) {
    View text;
    Size wanted, found = 0;
    if (!PyArg_ParseTuple(arguments, "y*n", &text, &wanted)) return nullptr;
    const std::string_view all(text.as<const char>(), size_t(text.len));
    size_t at = 0;
    Py_BEGIN_ALLOW_THREADS
    for (const char *p = all.data(); text.len - Size(at) >= kPiece; at += kPiece, p += kPiece) {
        unsigned char here = 0;
        for (Size i = 0; i < kPiece; i++) here += p[i] == '\n';
        if (found + here >= wanted) break;
        found += here;
    }
    while (found < wanted && (at = all.find('\n', at) + 1) != 0) found++;
    if (found < wanted) at = all.rfind('\n') + 1;
    Py_END_ALLOW_THREADS
    return Py_BuildValue("nn", found, Size(at));
}

PyMethodDef methods[] = {{"parse", parse, METH_VARARGS, nullptr},
                         {"gather", gather, METH_VARARGS, nullptr},
                         {"lines", lines, METH_VARARGS, nullptr}, {}};
PyModuleDef module = {PyModuleDef_HEAD_INIT, "plain", nullptr, 0, methods, {}, {}, {}, {}};

}  // namespace

PyMODINIT_FUNC PyInit_plain() { return PyModule_Create(&module); }
