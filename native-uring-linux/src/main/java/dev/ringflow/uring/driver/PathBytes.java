package dev.ringflow.uring.driver;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.Arrays;

/** Paths as the bytes that the kernel knows them by. Any thread. */
final class PathBytes {
    /** What the JDK itself encodes paths with. */
    private static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    /** What the JDK shows for bytes that are no characters in its encoding. */
    private static final char UNREADABLE = '\uFFFD';

    private static final byte[] HERE = {'.'};

    private PathBytes() {}

    /** A path to work on; the empty one stands for the working directory, as it does for the JDK. */
    static byte[] of(Path path) {
        byte[] bytes = ofLinkTarget(path);
        return bytes.length == 0 ? HERE : bytes;
    }

    /** A path that is only written down. */
    static byte[] ofLinkTarget(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new ProviderMismatchException("The kernel knows files of the default file system only, and " + path
                    + " is of " + path.getFileSystem());
        }
        String text = path.toString();
        return text.indexOf(UNREADABLE) < 0 ? text.getBytes(CHARSET) : unreadable(path);
    }

    /** The JDK keeps a name's own bytes, and tells them in the form of a URI. */
    private static byte[] unreadable(Path path) {
        byte[] whole = absolute(path);
        if (path.isAbsolute()) {
            return whole;
        }
        byte[] start = absolute(Path.of("").toAbsolutePath());
        return Arrays.copyOfRange(whole, start.length == 1 ? 1 : start.length + 1, whole.length);
    }

    private static byte[] absolute(Path path) {
        byte[] text = path.toUri().getRawPath().getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length);
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '%') {
                bytes.write(Character.digit(text[i + 1], 16) << 4 | Character.digit(text[i + 2], 16));
                i += 2;
            } else {
                bytes.write(text[i]);
            }
        }
        byte[] all = bytes.toByteArray();
        boolean endsAsDirectory = all.length > 1 && all[all.length - 1] == '/';
        return endsAsDirectory ? Arrays.copyOf(all, all.length - 1) : all;
    }
}
