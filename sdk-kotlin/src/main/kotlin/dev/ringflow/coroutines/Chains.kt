package dev.ringflow.coroutines

import dev.ringflow.Ring
import dev.ringflow.file.Chain
import dev.ringflow.file.ChainResult

/**
 * Runs operations on files one after the other, each when the one before it is done, and suspends until the last has
 * ended: `ring.link { write(file, buffer, 0); sync(file) }`. See [Chain] for what a chain is and how it is run.
 *
 * All buffers belong to the kernel until the call returns.
 *
 * ### Cancellation
 *
 * Cancelling cancels every member that has not completed, and the call returns when the kernel has let go of all
 * buffers. What comes first in the chain may have been done.
 *
 * @param members adds the members in their order
 * @return what was done
 * @throws dev.ringflow.file.ChainException if a member failed, or moved fewer bytes than were asked for; it tells which
 * @throws IllegalArgumentException if no member was added, or one has an argument that can never be right
 * @throws dev.ringflow.RingClosedException if the ring is closed
 */
public suspend fun Ring.link(members: Chain.() -> Unit): ChainResult = await { Chain.link(this, members, it) }
