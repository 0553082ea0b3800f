package dev.ringflow.file;

import dev.ringflow.RingCallback;
import org.jspecify.annotations.Nullable;

/** Opens a directory, makes it durable, and closes it whatever came of that. */
final class DirectorySync implements RingCallback<RingFile> {
    private final RingCallback<@Nullable Void> callback;

    DirectorySync(RingCallback<@Nullable Void> callback) {
        this.callback = callback;
    }

    @Override
    public boolean completed(RingFile directory) {
        directory.sync(true, new RingCallback<>() {
            @Override
            public boolean completed(@Nullable Void nothing) {
                close(directory, null);
                return true;
            }

            @Override
            public void failed(Throwable cause) {
                close(directory, cause);
            }
        });
        return true;
    }

    @Override
    public void failed(Throwable cause) {
        callback.failed(cause);
    }

    private void close(RingFile directory, @Nullable Throwable failure) {
        directory.closeAsync().whenComplete((nothing, closeFailure) -> {
            Throwable told = failure != null ? failure : closeFailure;
            if (told == null) {
                callback.completed(null);
            } else {
                callback.failed(told);
            }
        });
    }
}
