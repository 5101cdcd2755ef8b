"""The inputs that must never be evaluated wrongly, each with the tests that hold it.

The numbers are those of the team's list of hostile inputs; the words say what a line gives (an exit
code, `@` with file, line and column). A test is named by its file and function without `test_`.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run, Write
from samples import refuse

ROOT = Path(__file__).resolve().parents[2]

HOSTILE = {
    # Encoding and structure
    "1 UTF-8 BOM: stripped": "bad_files::odd_and_good[BOM]",
    "2 UTF-16: 3 unless told": "bad_files::bad_structure[UTF-16] text_options::encoding[utf-16]",
    "3 invalid UTF-8: 3@ and the byte": "text_options::invalid_utf8_is_located[LF]",
    "4 CRLF: accepted": "bad_files::odd_and_good[CRLF]",
    "5 CR: accepted; stray: 3@": "bad_files::odd_and_good[CR] bad_files::bad_cell[stray-CR]",
    "6 no final newline: a warning": "bad_files::no_final_newline "
    "bad_files::cut_at_every_byte[header-predictions]",
    "7 NUL: 3@": "bad_files::bad_cell[NUL]",
    "8 Ctrl-Z: 3@": "bad_files::bad_cell[ctrl-Z]",
    "9 quoted number: accepted": "bad_files::odd_and_good[quoted]",
    "10 unclosed quote: 3@ where opened": "bad_files::bad_structure[open-quote]",
    '11 1"5: 3@': 'bad_files::not_a_number[1"5] '
    "vectors::quotation_marks_out_of_place_are_refused[quote_in_a_cell]",
    "12 newline in quotes": "bad_files::odd_and_good[newline-in-quotes] "
    "tables::lines_inside_quotes_are_counted",
    "13 short row: 3@": "bad_files::bad_structure[short-row]",
    "14 long row: 3@": "bad_files::bad_structure[long-row] "
    "bad_files::bad_structure[every-row-long]",
    "15 trailing delimiter: 3@": "bad_files::bad_structure[trailing-delimiter]",
    "16 blank line: 3@": "bad_files::bad_structure[blank-line-inside]",
    "17 line over 16 MiB: 3": "text_options::a_line_of_over_16_mib",
    "18 comment line: 3@ and the way out": "bad_files::bad_structure[comment] "
    "text_options::a_comment_is_never_passed_over_unasked "
    "text_options::comments_above_the_first_row[one] real_tools::savetxt_with_names",
    "19 ambiguous delimiter: 3": "bad_files::bad_structure[two-delimiters]",
    "20 numbers first are a sample; in doubt: 3": "tables::headers[numbers-strict] "
    "bad_pairs::bad_pair[one-row-more] bad_pairs::bad_pair[both-count-up] "
    "headers::no_header_is_obeyed_by_losses_of_probabilities[ce]",
    "21 duplicate header: 3": "bad_files::bad_structure[duplicate-header]",
    "22 blank or padded header: 3": "bad_files::bad_structure[blank-header] "
    "bad_files::bad_structure[padded-header]",
    "23 header only: 3": "bad_files::bad_structure[header-only]",
    "24 empty: 3": "bad_files::bad_structure[empty]",
    "25 newlines only: 3": "bad_files::bad_structure[newlines-only]",
    "26 headers of the two files": "eval::columns_in_another_order "
    "bad_pairs::bad_pair[some-names-in-common]",
    # Cells
    "27 empty: 3@": "bad_files::bad_cell[empty]",
    "28 NA: 3@": "bad_files::missing_value[NA] bad_files::missing_value[null] "
    "bad_files::missing_value[None]",
    "29 nan: 3@": "bad_files::missing_value[nan]",
    "30 inf: 3@": "bad_files::bad_cell[-inf]",
    "31 1e400: 3@": "bad_files::bad_cell[1e400]",
    "32 1e-400: 0": "bad_files::odd_and_good[too-small]",
    "33 denormal: exact": "bad_files::odd_and_good[denormal]",
    "34 1_000: 3@": "bad_files::bad_cell[1_000]",
    "35 1,000: 3@": "bad_files::bad_cell[1,000]",
    "36 1,5: 3@ unless told": "bad_files::bad_structure[decimal-comma] "
    "text_options::decimal_comma[semicolon]",
    "37 0x10: 3@": "bad_files::bad_cell[hexadecimal]",
    "38 digits and spaces beyond ASCII: 3@": "bad_files::bad_cell[arabic] "
    "bad_files::bad_cell[no-break-space]",
    "39 1d5, 1.5abc: 3@": "bad_files::bad_cell[fortran] bad_files::not_a_number[1.5abc]",
    "40 plus and spaces: accepted": "bad_files::odd_and_good[plus] "
    "bad_files::odd_and_good[spaces-around]",
    "41 true and false": "text_options::boolean_targets_are_0_and_1[pandas] "
    "text_options::booleans_mixed_with_numbers bad_files::bad_cell[True] "
    "headers::rows_of_true_and_false_are_not_a_header_and_one_row_less[one-hot]",
    "42 2^53+1: 3@": "bad_files::bad_cell[2^53+1]",
    "43 long decimals: correctly rounded": "tables::decimals_of_any_length_are_correctly_rounded",
    "44 complex: 3@": "bad_files::not_a_number[1+2j]",
    "45 date: 3@": "bad_files::not_a_number[2024-01-31]",
    "46 one error for all blocks": "text_options::text_far_below_gives_one_error_for_every_block"
    "[1000] first_error::the_first_bad_row_is_to_blame",
    # Binary and containers
    "47 pickled: 3": "bad_arrays::bad_array[objects] bad_formats::bad_npz[objects]",
    "48 truncated: 3, both sizes": "bad_arrays::bad_array[truncated]",
    "49 trailing bytes: 3": "bad_arrays::bad_array[trailing-byte] "
    "bad_arrays::bad_array[two-arrays]",
    "50 shape 10^13: 3": "bad_arrays::bad_array[shape-10^13]",
    "51 absurd shape: 3": "bad_arrays::bad_array[shape-negative] "
    "bad_arrays::bad_array[shape-boolean]",
    "52 huge header: 3": "bad_arrays::bad_array[header-huge]",
    "53 big-endian: accepted": "npy::npy_is_what_numpy_loads[f8->-1] "
    "formats::command_gives_the_bits_of_npy[big-endian.npy]",
    "54 Fortran: identical bits": "formats::command_gives_the_bits_of_npy[fortran.npy]",
    "55 float16, float32, longdouble": "bad_arrays::bad_array[longdouble] "
    "losses::float32_is_widened_before_the_eps_is_added",
    "56 booleans: targets only": "bad_arrays::bad_array[booleans] "
    "text_options::boolean_targets_are_0_and_1[NPY]",
    "57 small integers: cast first": "losses::mae_and_mse_of_integers_are_exact",
    "58 complex, structured, dates, text: 3": "bad_arrays::bad_array[complex] "
    "bad_arrays::bad_array[structured] bad_arrays::bad_array[dates] bad_arrays::bad_array[text]",
    "59 0-d, 3-d: 3": "bad_arrays::bad_array[0-d] bad_arrays::bad_array[3-d]",
    "60 no rows, no columns: 3": "bad_arrays::bad_array[no-rows] bad_arrays::bad_array[no-columns]",
    "61 (n,) is (n, 1)": "evaluation::a_column_and_a_vector_are_the_same "
    "bad_pairs::bad_pair[columns]",
    "62 NPZ: duplicates and several arrays: 3": "bad_formats::bad_npz[duplicate] "
    "bad_formats::bad_npz[one-name-twice] formats::which_array[none]",
    "63 bomb: 4": "bad_formats::bomb[p.npz] bad_formats::bomb[p.npy.gz] "
    "bad_formats::a_bomb_that_lies_about_its_size",
    "64 gz truncated, bad CRC, garbage behind: 3": "bad_formats::gzip_damaged "
    "bad_formats::compressed_data_cut_anywhere[gz]",
    "65 lying extension: 3": "bad_formats::lying_extensions[csv] bad_files::bad_structure[NPY] "
    "bad_formats::lying_extensions[parquet]",
    "66 NPY on stdin": "formats::stdin[npy] formats::stdin[npy-fortran]",
    "67 Parquet and Arrow null: 3@": "bad_formats::bad_arrow[null-parquet] "
    "bad_formats::bad_arrow[null-feather]",
    "68 JSONL duplicate key, NaN: 3@": "bad_formats::bad_json_line[duplicate-key] "
    "bad_formats::bad_json_line[NaN]",
    # Pairs
    "69 row counts: 3, both": "bad_pairs::bad_pair[row-counts]",
    "70 column counts: 3; the first label decides": "bad_pairs::bad_pair[columns] "
    "bad_pairs::bad_label[index-after-name] bad_pairs::bad_label[name-after-index]",
    "71 label 1.5: 3@": "bad_pairs::bad_label[fractional]",
    "72 label -1 or K: 3@": "bad_pairs::bad_label[negative] bad_pairs::bad_label[too-high]",
    "73 duplicate id: 3, both lines": "alignment::long_stretches[twice-across-blocks-strict] "
    "ids::refused_even_where_only_common_ids_are_wanted[twice-in-targets]",
    "74 missing and extra ids: 3": "ids::ids_without_partner_are_counted_and_five_are_shown",
    "75 unsorted ids": "ids::another_order_gives_the_same_number "
    "hostile_inputs::ids_are_never_components",
    "76 01 and 1: 3": "ids::ids_are_text[zero]",
    "77 one file twice: 3; a copy: a warning": "bad_pairs::same_file_twice[hardlink_to] "
    "scales::one_file_given_twice_is_an_error_and_a_copy_a_warning formats::one_array_twice[pair0]",
    "78 p < 0: 3@": "validation::no_probabilities[negative-p.csv]",
    "79 p > 1 + 1e-6: 3@": "validation::no_probabilities[beyond-1-p.csv] "
    "scales::a_probability_may_be_a_millionth_above_1",
    "80 sums of probabilities": "validation::no_probabilities[sum-below-1-p.csv] "
    "evaluation::every_warning_is_given",
    "81 target rows of ce": "validation::no_probabilities[zeros-t.csv] "
    "validation::no_probabilities[sum-above-1-t.csv]",
    "82 shards": "shards::bad_shards[gap] shards::bad_shards[01-and-1] "
    "shards::linked_shards[hardlink_to] shards::nothing_there[*.none]",
    # System
    "83 missing, directory, permission: 4": "outputs::input_that_cannot_be_read[missing] "
    "shards::nothing_there[empty] shards::a_shard_that_cannot_be_read",
    "84 FIFO; - twice: 2": "formats::fifo[csv] formats::fifo[npy-fortran] "
    "hostile_inputs::stdin_for_both_inputs",
    "85 symlink; loop: 4": "outputs::symlink_is_followed[file] "
    "outputs::input_that_cannot_be_read[loop]",
    "86 changed while read: 4": "system::input_that_changes_while_it_is_read[stdout]",
    "87 disk full: 4": "outputs::no_space[small]",
    "88 output is an input: 2": "outputs::output_that_is_an_input_is_refused[hardlink_to--o]",
    "89 EPIPE: 141; /dev/full, closed stdout: 4": "system::closed_pipe_is_quiet "
    "system::closed_stdout[eval p.csv t.csv --loss=mae]",
    "90 SIGINT, SIGTERM: 130, 143": "system::signal_while_it_waits[2-130] "
    "system::signal_while_it_waits[15-143]",
    "92 exception in a thread": "engine::the_first_error_in_order_is_raised_whichever_came_first",
    "93 out of memory: 4": "system::out_of_memory",
    "94 hostile names: escaped": "usage::header_text_is_shown_never_obeyed[escape]",
    "96 path not UTF-8, stdout ASCII": "system::file_name_that_is_not_text[C-locale] "
    "system::ascii_stdout[C-locale]",
    # The log guard and the security table
    "the log guard at its edges": "losses::the_log_guard_at_its_edges",
    "pickle": "bad_formats::bad_npz[objects]",
    "bombs": "compression::a_bomb_is_refused bad_archives::a_bomb_is_refused_by_the_size_it_states",
    "CSV formulas": "ids::rows_carry_ids_that_no_spreadsheet_obeys[csv]",
    "terminal": "usage::header_text_is_shown_never_obeyed[markup] ids::tables_show_ids[table]",
    "outputs": "outputs::old_file_survives_a_failure[bad-data]",
}
# 91 (a worker killed) and 95 (a limit of NaN) come with what has workers and limits.


@pytest.fixture(scope="module")
def collected() -> set[str]:
    """Return the names of all tests, and those of all functions."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-o", "addopts="]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = re.findall(r"^tests/(?:\w+/)?test_(\w+)\.py::test_(.*)$", done.stdout, re.MULTILINE)
    names = {f"{file}::{name}" for file, name in found}
    return names | {name.split("[")[0] for name in names}


def test_each_line_has_a_test(collected: set[str]) -> None:
    lacking = {
        (line, name)
        for line, tests in HOSTILE.items()
        for name in re.split(r" (?=\w+::)", tests)
        if name not in collected
    }
    assert lacking == set()


def test_ids_are_never_components(run: Run, write: Write) -> None:
    folder = write({"p.csv": "id,y\n1,0.5\n2,0.25\n", "t.csv": "id,y\n2,1\n1,0\n"}).parent
    message = (
        "p.csv: the column 'id' looks like an id, not like a component\n"
        "lossctl: hint: pair the rows by it with --id id; or, if the rows of both tables stand in "
        "the same order, leave it out: --pred-cols y"
    )
    refuse(run, folder, message, "p.csv", "t.csv", "--loss", "mae")


def test_stdin_for_both_inputs(run: Run) -> None:
    outcome = run("eval", "-", "-", "--loss", "mae")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(
        "lossctl: error: stdin, -, is at most one of the inputs\nlossctl: hint: "
    )
