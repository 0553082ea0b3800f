package dev.ringflow.benchmarks.report;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) as maps, lists, strings, doubles, booleans and null. A number that is not finite is written as null.
 */
final class Json {
    private static final int INDENT = 2;
    private static final int DEEPEST = 64;

    private final String text;
    private int at;

    private Json(final String text) {
        this.text = text;
    }

    /** Writes a value; lists of plain values in one line, all else a line each. */
    static String write(final @Nullable Object value) {
        final StringBuilder out = new StringBuilder();
        write(out, value, 0);
        return out.append('\n').toString();
    }

    private static void write(final StringBuilder out, final @Nullable Object value, final int depth) {
        if (value instanceof Map<?, ?> map) {
            writeMap(out, map, depth);
        } else if (value instanceof List<?> list) {
            writeList(out, list, depth);
        } else if (value instanceof Number number) {
            out.append(Double.isFinite(number.doubleValue()) ? plain(number) : "null");
        } else if (value == null || value instanceof Boolean) {
            out.append(value);
        } else {
            quote(out, value.toString());
        }
    }

    private static String plain(final Number number) {
        final double value = number.doubleValue();
        return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : number.toString();
    }

    private static void writeMap(final StringBuilder out, final Map<?, ?> map, final int depth) {
        out.append('{');
        final Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            final Map.Entry<?, ?> each = entries.next();
            newLine(out, depth + 1);
            quote(out, String.valueOf(each.getKey()));
            out.append(": ");
            write(out, each.getValue(), depth + 1);
            out.append(entries.hasNext() ? "," : "");
        }
        newLine(out, depth);
        out.append('}');
    }

    private static void writeList(final StringBuilder out, final List<?> list, final int depth) {
        final boolean nested = list.stream().anyMatch(each -> each instanceof Map || each instanceof List);
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            if (nested) {
                newLine(out, depth + 1);
            }
            write(out, list.get(i), depth + 1);
            out.append(i + 1 == list.size() ? "" : nested ? "," : ", ");
        }
        if (nested) {
            newLine(out, depth);
        }
        out.append(']');
    }

    private static void newLine(final StringBuilder out, final int depth) {
        out.append('\n').append(" ".repeat(INDENT * depth));
    }

    private static void quote(final StringBuilder out, final String string) {
        out.append('"');
        for (int i = 0; i < string.length(); i++) {
            final char c = string.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException if the text is not JSON, with the place
     */
    static @Nullable Object read(final String text) {
        final Json json = new Json(text);
        final Object value = json.value(0);
        json.skipSpace();
        if (json.at < text.length()) {
            throw json.wrong("the end");
        }
        return value;
    }

    private @Nullable Object value(final int depth) {
        if (depth > DEEPEST) {
            throw wrong("less depth");
        }
        skipSpace();
        return switch (peek()) {
            case '{' -> map(depth);
            case '[' -> list(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> map(final int depth) {
        final Map<String, @Nullable Object> map = new LinkedHashMap<>();
        at++;
        skipSpace();
        while (peek() != '}') {
            final String name = string();
            skipSpace();
            expect(':');
            map.put(name, value(depth + 1));
            skipSpace();
            if (peek() != '}') {
                expect(',');
                skipSpace();
                if (peek() == '}') {
                    throw wrong("a name");
                }
            }
        }
        at++;
        return map;
    }

    private List<@Nullable Object> list(final int depth) {
        final List<@Nullable Object> list = new ArrayList<>();
        at++;
        skipSpace();
        while (peek() != ']') {
            list.add(value(depth + 1));
            skipSpace();
            if (peek() != ']') {
                expect(',');
                skipSpace();
                if (peek() == ']') {
                    throw wrong("a value");
                }
            }
        }
        at++;
        return list;
    }

    private String string() {
        final StringBuilder string = new StringBuilder();
        expect('"');
        while (peek() != '"') {
            final char c = text.charAt(at++);
            string.append(c == '\\' ? escaped() : c);
        }
        at++;
        return string.toString();
    }

    private char escaped() {
        final char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw wrong("four digits");
                }
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> throw wrong("an escape");
        };
    }

    private @Nullable Object word(final String word, final @Nullable Object meaning) {
        if (!text.startsWith(word, at)) {
            throw wrong(word);
        }
        at += word.length();
        return meaning;
    }

    private Double number() {
        final int start = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        try {
            return Double.valueOf(text.substring(start, at));
        } catch (final NumberFormatException e) {
            at = start;
            throw wrong("a value");
        }
    }

    private void skipSpace() {
        while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("more");
        }
        return text.charAt(at);
    }

    private void expect(final char c) {
        if (peek() != c) {
            throw wrong("'" + c + "'");
        }
        at++;
    }

    private IllegalArgumentException wrong(final String wanted) {
        return new IllegalArgumentException("Not JSON: " + wanted + " is missing at character " + at);
    }
}
