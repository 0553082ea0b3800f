package dev.ringflow.file;

import dev.ringflow.RingCallback;
import dev.ringflow.internal.Answer;
import dev.ringflow.spi.OpCode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Creates a directory and whatever is missing above it: upwards until one can be made, and down again. */
final class DirectoryCreation implements RingCallback<@Nullable Void> {
    private static final int ALL_PERMISSIONS = 0777;

    private final RingFileSystemNames files;
    private final RingCallback<@Nullable Void> callback;
    /** What is below the current one and still to be made, the next one on top. */
    private final ArrayDeque<Path> below = new ArrayDeque<>();

    private Path current;
    private boolean descending;

    DirectoryCreation(RingFileSystemNames files, Path path, RingCallback<@Nullable Void> callback) {
        this.files = files;
        this.current = path;
        this.callback = callback;
    }

    void start() {
        Answer.DONE.start(files.of(OpCode.CREATE_DIRECTORY, current).flags(ALL_PERMISSIONS), this);
    }

    @Override
    public boolean completed(@Nullable Void nothing) {
        if (below.isEmpty()) {
            return callback.completed(null);
        }
        descending = true;
        current = below.pop();
        start();
        return true;
    }

    @Override
    public void failed(Throwable cause) {
        Path parent = current.getParent();
        if (cause instanceof FileAlreadyExistsException) {
            requireDirectory(cause);
        } else if (cause instanceof NoSuchFileException && !descending && parent != null) {
            below.push(current);
            current = parent;
            start();
        } else {
            callback.failed(cause);
        }
    }

    private void requireDirectory(Throwable exists) {
        RingFileSystemAttributes.STAT.start(files.of(OpCode.STAT_PATH, current), new RingCallback<>() {
            @Override
            public boolean completed(FileStat stat) {
                if (stat.isDirectory()) {
                    return DirectoryCreation.this.completed(null);
                }
                callback.failed(exists);
                return true;
            }

            @Override
            public void failed(Throwable cause) {
                callback.failed(exists); // such as a symbolic link that leads nowhere
            }
        });
    }
}
