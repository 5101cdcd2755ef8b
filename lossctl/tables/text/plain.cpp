// Plain cells of text to columns of float64, without the interpreter's lock.
//
// Whatever is out of the ordinary (quotation marks, spaces, a plus sign, a missing value, 2^53 and
// above, a byte beyond ASCII in a word, a row of another width) is answered with None: then the
// readers in Python decide. No byte outside the text is read: a text ends in a newline, which ends
// every cell, and std::from_chars is told where it ends.

#define Py_LIMITED_API 0x030B0000  // Python 3.11: from then on the buffer protocol is in it
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <unordered_map>
#include <vector>

#if !defined(__cpp_lib_to_chars)
#error "std::from_chars does not read double here; lossctl works without this extension"
#endif

namespace {

using Size = Py_ssize_t;
constexpr Size kLongestCell = 256;
constexpr size_t kMostWords = 4096;  // with more, a column is no column of labels
constexpr double kExactBelow = 0x1p53;

inline bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }
// Whether an id may be a float of 2^53 or above, which has lost digits: no good id.
bool may_be_large_float(std::string_view cell) {
    if (cell.find_first_not_of(" 0123456789+-.eE") != cell.npos) return false;
    const bool has_point = cell.find('.') != cell.npos;
    return cell.find_first_of("eE") != cell.npos || (cell.size() >= 18 && has_point);
}

// Distinct words, numbered in the order in which they are met.
class Words {
public:
    // The number of a word; -1 where there are too many.
    Size number(std::string_view word) {
        if (word == last_) return last_number_;
        const auto [found, is_new] = numbers_.try_emplace(word, Size(words_.size()));
        if (is_new) {
            if (words_.size() == kMostWords) return -1;
            words_.push_back(word);
        }
        last_ = word;
        return last_number_ = found->second;
    }
    const std::vector<std::string_view> &in_order() const { return words_; }

private:
    std::unordered_map<std::string_view, Size> numbers_;
    std::vector<std::string_view> words_;
    std::string_view last_;
    Size last_number_ = -1;
};

struct Spot { Size start, size; };  // of a text within the whole
static_assert(sizeof(Spot) == 2 * sizeof(Size));

struct Column {
    char kind;     // n: numbers; w: words, as their numbers; t: texts; -: skipped
    Size place;    // which column of the values, or which run of spots, it goes to
    Words *words;  // of a column of words
};

struct Table {
    const char *start, *end;
    Size rows;
    char delimiter, decimal;
    double *values;  // column after column
    Spot *spots;     // text after text
    std::vector<Column> columns{};
    std::vector<Words> words{};

    void add_columns(const char *kinds, const Size *places, Size count) {
        columns.reserve(size_t(count));
        words.resize(size_t(std::count(kinds, kinds + count, 'w')));
        Words *next = words.data();
        for (Size i = 0; i < count; i++)
            columns.push_back({kinds[i], places[i], kinds[i] == 'w' ? next++ : nullptr});
    }

    // Whether all of the text was understood.
    bool parse() {
        const char *p = start;
        if (p == end || end[-1] != '\n') return false;
        for (Size row = 0; row < rows; row++) {
            if (p == end || *p == '\n' || *p == '\r') return false;  // a blank line
            for (size_t i = 0; i < columns.size(); i++) {
                const char stop = i + 1 < columns.size() ? delimiter : '\n';
                p = columns[i].kind == 'n' ? number(p, stop, values[columns[i].place * rows + row])
                                           : cell(p, columns[i], row);
                if (p && *p == '\r' && stop == '\n') p++;
                if (!p || *p++ != stop) return false;
            }
        }
        return p == end;
    }

    // Read a number; return where it ends, or nullptr.
    const char *number(const char *p, char stop, double &value) const {
        if (is_digit(*p)) {  // 0 and 1, or 0.0 and 1.0, as one-hot targets are
            value = *p - '0';
            if (p[1] == stop) return p + 1;
            if (p[1] == decimal && p[2] == '0' && p[3] == stop) return p + 3;
        } else if (*p != '-' || !is_digit(p[1])) {
            return nullptr;  // std::from_chars takes inf and nan
        }
        const char *behind = decimal == '.' ? read(p, end, value) : with_comma(p, value);
        return behind && value < kExactBelow && value > -kExactBelow ? behind : nullptr;
    }

    static const char *read(const char *first, const char *last, double &value) {
        const auto [behind, error] = std::from_chars(first, last, value);
        return error == std::errc() ? behind : nullptr;
    }

    // The same for a number whose decimal point is another character.
    const char *with_comma(const char *p, double &value) const {
        char pointed[kLongestCell];
        Size size = 0;
        for (; size < kLongestCell && p[size] != delimiter && p[size] != '\n'; size++) {
            if (p[size] == '.') return nullptr;
            pointed[size] = p[size] == decimal ? '.' : p[size];
        }
        if (size == kLongestCell) return nullptr;
        const char *behind = read(pointed, pointed + size, value);
        return behind ? p + (behind - pointed) : nullptr;
    }

    // Read a cell that is no number; return where it ends, or nullptr.
    const char *cell(const char *p, const Column &column, Size row) {
        const char *from = p;
        for (; *p != delimiter && *p != '\n' && *p != '\r'; p++)
            if (*p == '"' || *p == '\0' || static_cast<unsigned char>(*p) > 127) return nullptr;
        if (column.kind == '-') return p;
        const std::string_view text(from, size_t(p - from));
        if (text.empty() || Size(text.size()) > kLongestCell) return nullptr;
        if (column.kind == 'w') {
            const Size number = column.words->number(text);
            values[column.place * rows + row] = double(number);
            return number < 0 ? nullptr : p;
        }
        if (may_be_large_float(text)) return nullptr;
        spots[column.place * rows + row] = {from - start, p - from};
        return p;
    }
};

// The memory of an object, as long as this lives.
class View {
public:
    View() = default;
    View(const View &) = delete;
    View &operator=(const View &) = delete;
    ~View() { if (held_) PyBuffer_Release(&buffer_); }
    bool take(PyObject *object, int flags) {
        return held_ = PyObject_GetBuffer(object, &buffer_, flags) == 0;
    }
    Size size() const { return buffer_.len; }
    template <class T> T *as() const { return static_cast<T *>(buffer_.buf); }
    template <class T> Size count() const { return buffer_.len / Size(sizeof(T)); }

private:
    Py_buffer buffer_{};
    bool held_ = false;
};

PyObject *refuse(const char *why) {
    PyErr_SetString(PyExc_ValueError, why);
    return nullptr;
}

// Whether each column has room for all rows in the buffer that it goes to.
bool fits(const Table &table, const View &values, const View &spots) {
    for (const Column &column : table.columns) {
        const bool is_text = column.kind == 't';
        const Size room = is_text ? spots.count<Spot>() : values.count<double>();
        if (!std::strchr("nwt-", column.kind)) return false;
        if (column.kind != '-' && (column.place < 0 || column.place >= room / table.rows))
            return false;
    }
    return !table.columns.empty();
}

// The words of each column of words: a list of lists.
PyObject *words_of(const Table &table) {
    PyObject *lists = PyList_New(0);
    for (const Words &words : table.words) {
        if (!lists) break;
        PyObject *list = PyList_New(0);
        bool good = list && PyList_Append(lists, list) == 0;
        for (const std::string_view word : words.in_order()) {
            PyObject *text =
                good ? PyUnicode_FromStringAndSize(word.data(), Size(word.size())) : nullptr;
            good = text && PyList_Append(list, text) == 0;
            Py_XDECREF(text);
        }
        Py_XDECREF(list);
        if (!good) Py_CLEAR(lists);
    }
    return lists;
}

// parse(text, rows, delimiter, decimal, kinds, places, values, spots) -> list[list[str]] | None
PyObject *parse(PyObject *, PyObject *arguments) {
    PyObject *text_, *kinds_, *places_, *values_, *spots_;
    Size rows;
    int delimiter, decimal;
    if (!PyArg_ParseTuple(arguments, "OnCCOOOO", &text_, &rows, &delimiter, &decimal, &kinds_,
                          &places_, &values_, &spots_))
        return nullptr;
    View text, kinds, places, values, spots;
    if (!text.take(text_, PyBUF_SIMPLE) || !kinds.take(kinds_, PyBUF_SIMPLE) ||
        !places.take(places_, PyBUF_SIMPLE) ||
        !values.take(values_, PyBUF_WRITABLE | PyBUF_F_CONTIGUOUS) ||
        !spots.take(spots_, PyBUF_WRITABLE | PyBUF_C_CONTIGUOUS))
        return nullptr;
    const bool known = delimiter == ',' || delimiter == ';' || delimiter == '\t' || delimiter == '|';
    if (!known || (decimal != '.' && decimal != ',') || delimiter == decimal)
        return refuse("such a delimiter or decimal point is not known here");
    if (rows < 1 || kinds.size() != places.count<Size>()) return refuse("no rows, or no place");
    const char *start = text.as<const char>();
    Table table{start, start + text.size(), rows, char(delimiter), char(decimal),
                values.as<double>(), spots.as<Spot>()};
    try {
        table.add_columns(kinds.as<const char>(), places.as<const Size>(), kinds.size());
    } catch (const std::bad_alloc &) {
        return PyErr_NoMemory();
    }
    if (!fits(table, values, spots)) return refuse("the buffers do not fit the columns");
    bool understood = false;
    Py_BEGIN_ALLOW_THREADS
    try {
        understood = table.parse();
    } catch (const std::bad_alloc &) {}  // of words
    Py_END_ALLOW_THREADS
    if (!understood) Py_RETURN_NONE;
    return words_of(table);
}

// gather(text, spots, texts): each text in as many bytes as there are for one
PyObject *gather(PyObject *, PyObject *arguments) {
    PyObject *text_, *spots_, *texts_;
    if (!PyArg_ParseTuple(arguments, "OOO", &text_, &spots_, &texts_)) return nullptr;
    View text, spots, texts;
    if (!text.take(text_, PyBUF_SIMPLE) || !spots.take(spots_, PyBUF_C_CONTIGUOUS) ||
        !texts.take(texts_, PyBUF_WRITABLE | PyBUF_C_CONTIGUOUS))
        return nullptr;
    const Size rows = spots.count<Spot>(), room = rows ? texts.size() / rows : 0;
    const Spot *all = spots.as<const Spot>();
    for (Size row = 0; row < rows; row++) {
        const auto [start, size] = all[row];
        if (start < 0 || size < 0 || size > room || start > text.size() - size)
            return refuse("a text lies outside of its buffer");
    }
    Py_BEGIN_ALLOW_THREADS
    for (Size row = 0; row < rows; row++) {
        char *to = texts.as<char>() + row * room;
        std::memcpy(to, text.as<const char>() + all[row].start, size_t(all[row].size));
        std::memset(to + all[row].size, 0, size_t(room - all[row].size));
    }
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

// lines(text, wanted) -> (how many of them it has, where the last of these ends)
PyObject *lines(PyObject *, PyObject *arguments) {
    PyObject *text_;
    Size wanted, found = 0, behind = 0;
    if (!PyArg_ParseTuple(arguments, "On", &text_, &wanted)) return nullptr;
    View text;
    if (!text.take(text_, PyBUF_SIMPLE)) return nullptr;
    Py_BEGIN_ALLOW_THREADS
    const char *start = text.as<const char>();
    while (found < wanted && behind < text.size()) {
        const void *newline = std::memchr(start + behind, '\n', size_t(text.size() - behind));
        if (!newline) break;
        behind = static_cast<const char *>(newline) - start + 1;
        found++;
    }
    Py_END_ALLOW_THREADS
    return Py_BuildValue("nn", found, behind);
}

PyMethodDef methods[] = {{"parse", parse, METH_VARARGS, nullptr},
                         {"gather", gather, METH_VARARGS, nullptr},
                         {"lines", lines, METH_VARARGS, nullptr},
                         {}};
PyModuleDef module = {PyModuleDef_HEAD_INIT, "plain", nullptr, 0, methods, {}, {}, {}, {}};

}  // namespace

PyMODINIT_FUNC PyInit_plain() { return PyModule_Create(&module); }
