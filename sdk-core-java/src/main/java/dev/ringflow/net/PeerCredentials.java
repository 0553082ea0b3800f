package dev.ringflow.net;

import org.jspecify.annotations.Nullable;

/**
 * Who is at the other side of a unix socket: the process that connected, or that called listen(2), as it was then; see
 * unix(7). Numbers on the driver uring, names on the driver nio.
 *
 * @param processId the process, or -1 if the driver does not tell it; 0 if it is outside of this process's namespace
 * @param userId its effective user, or -1 if the driver tells the name instead
 * @param groupId its effective group, or -1 if the driver tells the name instead
 * @param userName the user's name, or null if the driver tells the number instead, which needs no database of users
 * @param groupName the group's name, or null if the driver tells the number instead
 */
public record PeerCredentials(
        long processId,
        long userId,
        long groupId,
        @Nullable String userName,
        @Nullable String groupName) {}
