/**
 * Packets by the million: a transport with a ring for each queue, ports over UDP, raw IP and Ethernet frames, receivers
 * that take or decline each packet in place, and transmitters that hand over many with one submission. Nothing is
 * allocated for a packet.
 */
@NullMarked
package dev.ringflow.net.packet;

import org.jspecify.annotations.NullMarked;
