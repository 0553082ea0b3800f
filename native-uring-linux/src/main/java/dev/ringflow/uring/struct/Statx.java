package dev.ringflow.uring.struct;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Attributes of a file.
 *
 * <pre>{@code
 * struct statx {
 *     __u32 stx_mask, stx_blksize;
 *     __u64 stx_attributes;
 *     __u32 stx_nlink, stx_uid, stx_gid;
 *     __u16 stx_mode, pad;
 *     __u64 stx_ino, stx_size, stx_blocks, stx_attributes_mask;
 *     struct statx_timestamp { __s64 tv_sec; __u32 tv_nsec; __s32 pad; } stx_atime, stx_btime, stx_ctime, stx_mtime;
 *     __u32 stx_rdev_major, stx_rdev_minor, stx_dev_major, stx_dev_minor;
 *     __u64 stx_mnt_id;
 *     __u32 stx_dio_mem_align, stx_dio_offset_align;
 *     __u64 stx_subvol;
 *     __u32 stx_atomic_write_unit_min, stx_atomic_write_unit_max, stx_atomic_write_segments_max;
 *     __u32 stx_dio_read_offset_align;
 *     __u32 stx_atomic_write_unit_max_opt, pad;
 *     __u64 pad[8];
 * };
 * }</pre>
 *
 * <p>Which fields hold something, {@link #mask} tells. Source: {@code statx(2)}.
 */
public final class Statx {
    /** Offset of {@code stx_mask}. */
    public static final int MASK = 0;

    /** Offset of {@code stx_blksize}. */
    public static final int BLKSIZE = 4;

    /** Offset of {@code stx_attributes}. */
    public static final int ATTRIBUTES = 8;

    /** Offset of {@code stx_nlink}. */
    public static final int NLINK = 16;

    /** Offset of {@code stx_uid}. */
    public static final int UID = 20;

    /** Offset of {@code stx_gid}. */
    public static final int GID = 24;

    /** Offset of {@code stx_mode}, 16 bits. */
    public static final int MODE = 28;

    /** Offset of {@code stx_ino}. */
    public static final int INO = 32;

    /** Offset of {@code stx_size}. */
    public static final int SIZE_IN_BYTES = 40;

    /** Offset of {@code stx_blocks}. */
    public static final int BLOCKS = 48;

    /** Offset of {@code stx_attributes_mask}. */
    public static final int ATTRIBUTES_MASK = 56;

    /** Offset of {@code stx_atime}. */
    public static final int ATIME = 64;

    /** Offset of {@code stx_btime}. */
    public static final int BTIME = 80;

    /** Offset of {@code stx_ctime}. */
    public static final int CTIME = 96;

    /** Offset of {@code stx_mtime}. */
    public static final int MTIME = 112;

    /** Offset of {@code stx_rdev_major}. */
    public static final int RDEV_MAJOR = 128;

    /** Offset of {@code stx_rdev_minor}. */
    public static final int RDEV_MINOR = 132;

    /** Offset of {@code stx_dev_major}. */
    public static final int DEV_MAJOR = 136;

    /** Offset of {@code stx_dev_minor}. */
    public static final int DEV_MINOR = 140;

    /** Offset of {@code stx_mnt_id}. */
    public static final int MNT_ID = 144;

    /** Offset of {@code stx_dio_mem_align}. Since Linux 6.1. */
    public static final int DIO_MEM_ALIGN = 152;

    /** Offset of {@code stx_dio_offset_align}. Since Linux 6.1. */
    public static final int DIO_OFFSET_ALIGN = 156;

    /** Offset of {@code stx_subvol}. Since Linux 6.10. */
    public static final int SUBVOL = 160;

    /** Offset of {@code stx_atomic_write_unit_min}. Since Linux 6.11. */
    public static final int ATOMIC_WRITE_UNIT_MIN = 168;

    /** Offset of {@code stx_atomic_write_unit_max}. Since Linux 6.11. */
    public static final int ATOMIC_WRITE_UNIT_MAX = 172;

    /** Offset of {@code stx_atomic_write_segments_max}. Since Linux 6.11. */
    public static final int ATOMIC_WRITE_SEGMENTS_MAX = 176;

    /** Offset of {@code stx_dio_read_offset_align}. Since Linux 6.14. */
    public static final int DIO_READ_OFFSET_ALIGN = 180;

    /** Offset of {@code stx_atomic_write_unit_max_opt}. Since Linux 6.16. */
    public static final int ATOMIC_WRITE_UNIT_MAX_OPT = 184;

    /** Size of the struct in bytes. */
    public static final int SIZE = 256;

    private static final int TIMESTAMP_NSEC = 8;

    private Statx() {}

    /**
     * Which fields the kernel filled.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return {@code STATX_} bits
     */
    public static int mask(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + MASK);
    }

    /**
     * Type and permissions.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return {@code S_IF} type and permission bits
     */
    public static int mode(final ByteBuffer memory, final int offset) {
        return Short.toUnsignedInt(memory.getShort(offset + MODE));
    }

    /**
     * The size.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return bytes
     */
    public static long size(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + SIZE_IN_BYTES);
    }

    /**
     * What the file takes up.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return blocks of 512 bytes
     */
    public static long blocks(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + BLOCKS);
    }

    /**
     * The preferred size of a transfer.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return bytes
     */
    public static int blockSize(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + BLKSIZE);
    }

    /**
     * The inode number.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return a number that is unique in its file system
     */
    public static long inode(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + INO);
    }

    /**
     * The number of names.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return hard links
     */
    public static int links(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + NLINK);
    }

    /**
     * One of the times.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @param field {@link #ATIME}, {@link #BTIME}, {@link #CTIME} or {@link #MTIME}
     * @return the time
     */
    public static Instant time(final ByteBuffer memory, final int offset, final int field) {
        return Instant.ofEpochSecond(
                memory.getLong(offset + field), Integer.toUnsignedLong(memory.getInt(offset + field + TIMESTAMP_NSEC)));
    }

    /**
     * The attributes that are set, of those that {@link #attributesMask} has.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return {@code STATX_ATTR_} bits
     */
    public static long attributes(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + ATTRIBUTES);
    }

    /**
     * The attributes that the file system knows.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return {@code STATX_ATTR_} bits
     */
    public static long attributesMask(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + ATTRIBUTES_MASK);
    }

    /**
     * The owner.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return a user id
     */
    public static int uid(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + UID);
    }

    /**
     * The group.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return a group id
     */
    public static int gid(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + GID);
    }

    /**
     * The mount, if {@link #mask} has {@code STATX_MNT_ID} or {@code STATX_MNT_ID_UNIQUE}.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return a number of the mount
     */
    public static long mountId(final ByteBuffer memory, final int offset) {
        return memory.getLong(offset + MNT_ID);
    }

    /**
     * How memory for {@code O_DIRECT} must be aligned, if {@link #mask} has {@code STATX_DIOALIGN}.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return bytes; 0 where direct I/O is not possible
     */
    public static int directMemoryAlignment(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + DIO_MEM_ALIGN);
    }

    /**
     * How offsets and lengths for {@code O_DIRECT} must be aligned, if {@link #mask} has {@code STATX_DIOALIGN}.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return bytes; 0 where direct I/O is not possible
     */
    public static int directOffsetAlignment(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + DIO_OFFSET_ALIGN);
    }

    /**
     * How offsets and lengths of reads with {@code O_DIRECT} must be aligned, if {@link #mask} has
     * {@code STATX_DIO_READ_ALIGN}.
     *
     * @param memory native memory in native byte order
     * @param offset where the struct begins
     * @return bytes; 0 where direct I/O is not possible
     */
    public static int directReadOffsetAlignment(final ByteBuffer memory, final int offset) {
        return memory.getInt(offset + DIO_READ_OFFSET_ALIGN);
    }
}
