package dev.ringflow.windows.internal;

import com.kenai.jffi.Library;
import jnr.ffi.LibraryLoader;

/**
 * Where functions come from: the library of Windows, or the one that a system property names instead. Tests put a
 * simulator there, on Windows as well as elsewhere.
 */
public final class Libraries {
    private Libraries() {}

    /**
     * Whether this process runs on Windows.
     *
     * @return true on Windows and under Wine
     */
    public static boolean isWindows() {
        return System.getProperty("os.name", "").startsWith("Windows");
    }

    /**
     * Whether registers hold what structures of 16 bytes hold when they are passed by value: on arm64, and on Linux. On
     * Windows on x64 a pointer to a copy is passed.
     *
     * @return true if a structure of two words is passed as two words
     */
    public static boolean passesStructuresInRegisters() {
        final String machine = System.getProperty("os.arch", "");
        return !isWindows() || machine.equals("aarch64") || machine.equals("arm64");
    }

    /**
     * The library to load.
     *
     * @param property system property that names another library: its path, or its name
     * @param windowsName the library's name on Windows
     * @return what {@link #load} and jffi understand
     * @throws UnsupportedOperationException if this is not Windows, and the property is not set
     */
    public static String locate(final String property, final String windowsName) {
        final String other = System.getProperty(property);
        if (other != null) {
            return other;
        }
        if (!isWindows()) {
            throw new UnsupportedOperationException(
                    windowsName + " is a library of Windows; this is " + System.getProperty("os.name"));
        }
        return windowsName;
    }

    /**
     * Where a function is.
     *
     * @param library answer of {@link #locate}
     * @param function its name
     * @return the address, 0 if there is none
     */
    public static long symbol(final String library, final String function) {
        final boolean isPath = library.indexOf('/') >= 0 || library.indexOf('\\') >= 0;
        final Library loaded = Library.getCachedInstance(
                isPath ? library : System.mapLibraryName(library), Library.LAZY | Library.LOCAL);
        return loaded == null ? 0 : loaded.getSymbolAddress(function);
    }

    /**
     * Binds an interface. A function that the library lacks fails when it is called, with {@link UnsatisfiedLinkError}.
     *
     * @param type the functions, under their own names
     * @param library answer of {@link #locate}
     * @param <T> the interface
     * @return the functions
     * @throws UnsatisfiedLinkError if there is no such library
     */
    public static <T> T load(final Class<T> type, final String library) {
        return LibraryLoader.create(type).load(library);
    }
}
