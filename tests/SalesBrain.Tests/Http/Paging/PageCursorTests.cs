using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Paging;
using SalesBrain.Functions.Http.Paging;

namespace SalesBrain.Tests.Http.Paging;

public sealed class PageCursorTests
{
    [Fact]
    public void Cursor_gives_the_key_of_the_last_row_back_whatever_it_is()
    {
        Prop.ForAll<Guid, DateTime, string>((id, time, filter) =>
        {
            var key = new Key(DateTime.SpecifyKind(time, DateTimeKind.Utc), id);
            var cursor = CursorAfter(new Things { Limit = 1, Name = filter }, key);

            Assert.True(PageCursor.TryRead<Key>(new Things { Name = filter, Cursor = cursor, Limit = 7 }, out var read));
            Assert.Equal(key, read);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Time_in_a_cursor_comes_back_as_utc()
    {
        var cursor = CursorAfter(new Things { Limit = 1 }, new Key(new DateTime(2026, 1, 31, 9, 30, 0, DateTimeKind.Utc), Guid.Empty));

        Assert.True(PageCursor.TryRead<Key>(new Things { Cursor = cursor }, out var read));

        Assert.Equal(DateTimeKind.Utc, read!.Value.CreatedAt.Kind);
    }

    [Fact]
    public void Cursor_of_another_filter_or_list_is_refused()
    {
        var cursor = CursorAfter(new Things { Limit = 1, Tags = ["a", "b"] }, default(Key));

        Assert.True(PageCursor.TryRead<Key>(new Things { Tags = ["a", "b"], Cursor = cursor }, out _));
        Assert.False(PageCursor.TryRead<Key>(new Things { Tags = ["a"], Cursor = cursor }, out _));
        Assert.False(PageCursor.TryRead<Key>(new Things { Tags = ["a", "b"], Name = "", Cursor = cursor }, out _));
        Assert.False(PageCursor.TryRead<Key>(new OtherThings { Tags = ["a", "b"], Cursor = cursor }, out _));
    }

    [Fact]
    public void Damaged_cursor_is_refused_wherever_the_damage_is()
    {
        var cursor = CursorAfter(new Things { Limit = 1 }, new Key(DateTime.UnixEpoch, Guid.NewGuid()));
        for (var i = 0; i < cursor.Length; i++)
        {
            var damaged = cursor.Remove(i, 1).Insert(i, cursor[i] == 'A' ? "B" : "A");
            Assert.False(PageCursor.TryRead<Key>(new Things { Cursor = damaged }, out _), damaged);
        }
        foreach (var text in new[] { "", "x", "AAAA", "not base64!", cursor[..^4], cursor + "AAAA" })
        {
            Assert.False(PageCursor.TryRead<Key>(new Things { Cursor = text }, out _), text);
        }
    }

    [Fact]
    public void Page_is_cut_from_one_row_too_many()
    {
        var input = new Things { Limit = 2, Offset = 4 };

        var page = input.ToPage([1, 2, 3], BoundedCount.Of(7), row => row);

        Assert.Equal([1, 2], page.Rows);
        Assert.Equal(4, page.Offset);
        var next = new Things { Limit = 2, Cursor = page.NextCursor };
        Assert.True(PageCursor.TryRead<int>(next, out var after));
        Assert.Equal(2, after);
        var last = next.ToPage([3], BoundedCount.Of(7), row => row);
        Assert.Equal(6, last.Offset);
        Assert.Null(last.NextCursor);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(10_000, 10_000, true)]
    [InlineData(10_001, 10_000, false)]
    public void Count_is_exact_up_to_its_limit(long counted, int value, bool exact) =>
        Assert.Equal(new BoundedCount(value, exact), BoundedCount.Of(counted));

    private static string CursorAfter<TKey>(AdminList list, TKey key)
        where TKey : struct =>
        list.ToPage([key, key], BoundedCount.Of(2), row => row).NextCursor!;

    private readonly record struct Key(DateTime CreatedAt, Guid Id);

    private record Things : AdminList
    {
        public string? Name { get; init; }

        public string[] Tags { get; init; } = [];
    }

    private sealed record OtherThings : Things;
}
