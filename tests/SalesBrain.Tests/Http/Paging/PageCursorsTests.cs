using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SalesBrain.Core.Access;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Security;
using SalesBrain.Functions.Http.Paging;

namespace SalesBrain.Tests.Http.Paging;

public sealed class PageCursorsTests
{
    private static readonly PageCursors Cursors = CursorsOf("a");

    [Fact]
    public void Cursor_gives_the_key_of_the_last_row_back_whatever_it_is()
    {
        Prop.ForAll<Guid, DateTime, string>((id, time, filter) =>
        {
            var key = new Key(DateTime.SpecifyKind(time, DateTimeKind.Utc), id);
            var cursor = CursorAfter(new Things { Limit = 1, Name = filter }, key);

            Assert.True(Cursors.TryRead<Key>(new Things { Name = filter, Cursor = cursor, Limit = 7 }, out var read));
            Assert.Equal(key, read);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Time_in_a_cursor_comes_back_as_utc()
    {
        var cursor = CursorAfter(new Things { Limit = 1 }, new Key(new DateTime(2026, 1, 31, 9, 30, 0, DateTimeKind.Utc), Guid.Empty));

        Assert.True(Cursors.TryRead<Key>(new Things { Cursor = cursor }, out var read));

        Assert.Equal(DateTimeKind.Utc, read!.Value.CreatedAt.Kind);
    }

    [Fact]
    public void Cursor_of_another_filter_or_list_is_refused()
    {
        var cursor = CursorAfter(new Things { Limit = 1, Tags = ["a", "b"] }, default(Key));

        Assert.True(Cursors.TryRead<Key>(new Things { Tags = ["a", "b"], Cursor = cursor }, out _));
        Assert.False(Cursors.TryRead<Key>(new Things { Tags = ["a"], Cursor = cursor }, out _));
        Assert.False(Cursors.TryRead<Key>(new Things { Tags = ["a", "b"], Name = "", Cursor = cursor }, out _));
        Assert.False(Cursors.TryRead<Key>(new OtherThings { Tags = ["a", "b"], Cursor = cursor }, out _));
    }

    [Fact]
    public void Damaged_cursor_is_refused_wherever_the_damage_is()
    {
        var cursor = CursorAfter(new Things { Limit = 1 }, new Key(DateTime.UnixEpoch, Guid.NewGuid()));
        for (var i = 0; i < cursor.Length; i++)
        {
            var damaged = cursor.Remove(i, 1).Insert(i, cursor[i] == 'A' ? "B" : "A");
            Assert.False(Cursors.TryRead<Key>(new Things { Cursor = damaged }, out _), damaged);
        }
        foreach (var text in new[] { "", "x", "AAAA", "not base64!", cursor[..^4], cursor + "AAAA" })
        {
            Assert.False(Cursors.TryRead<Key>(new Things { Cursor = text }, out _), text);
        }
    }

    [Fact]
    public void Page_is_cut_from_one_row_too_many()
    {
        var input = new Things { Limit = 2, Offset = 4 };

        var page = input.ToPage(Cursors, [1, 2, 3], BoundedCount.Of(7), row => row);

        Assert.Equal([1, 2], page.Rows);
        Assert.Equal(4, page.Offset);
        var next = new Things { Limit = 2, Cursor = page.NextCursor };
        Assert.True(Cursors.TryRead<int>(next, out var after));
        Assert.Equal(2, after);
        var last = next.ToPage(Cursors, [3], BoundedCount.Of(7), row => row);
        Assert.Equal(6, last.Offset);
        Assert.Null(last.NextCursor);
    }

    [Fact]
    public void Cursor_without_the_key_is_refused()
    {
        var content = Encoding.UTF8.GetBytes($$"""{"key":"{{Guid.NewGuid()}}","rows_before":2147483647}""");
        byte[][] codes =
        [
            [], new byte[8], new byte[16], SHA256.HashData(content), SHA256.HashData(content)[..8], SHA256.HashData(content)[..16],
            HMACSHA256.HashData(new byte[32], content)[..16],
        ];

        foreach (var code in codes)
        {
            var forged = new Things { Cursor = Base64Url.EncodeToString([.. code, .. content]) };
            Assert.False(Cursors.TryRead<Guid>(forged, out _));
            Assert.Equal(0, forged.ToPage(Cursors, [Guid.NewGuid()], BoundedCount.Of(1), id => id).Offset);
        }
    }

    [Fact]
    public void Cursor_is_valid_for_the_same_role_in_the_same_place_only()
    {
        var (organization, client) = (Guid.NewGuid(), Guid.NewGuid());
        RoleScope?[] scopes =
        [
            null, new(Role.SbAdmin, null), new(Role.Owner, organization), new(Role.Member, organization), new(Role.Owner, Guid.NewGuid()),
            new(Role.ClientUser, organization, ClientId: client), new(Role.ClientUser, organization, ClientId: Guid.NewGuid()),
        ];
        var cursors = scopes.Select(scope => new PageCursors(new CursorCodes(KeysOf("a")), scope)).ToList();

        foreach (var (writer, scope) in cursors.Zip(scopes))
        {
            var cursor = new Things { Limit = 1 }.ToPage(writer, [1, 2], BoundedCount.Of(2), row => row).NextCursor;
            Assert.Equal(
                [scope],
                cursors.Zip(scopes).Where(reader => reader.First.TryRead<int>(new Things { Cursor = cursor }, out _))
                    .Select(reader => reader.Second));
        }
    }

    [Fact]
    public void Cursor_of_an_older_key_is_valid_as_long_as_the_key_is_configured()
    {
        var old = new Things { Limit = 1 }.ToPage(CursorsOf("a"), [1, 2], BoundedCount.Of(2), row => row).NextCursor;
        var list = new Things { Cursor = old };

        Assert.True(CursorsOf("b", "a").TryRead<int>(list, out _));
        Assert.False(CursorsOf("b").TryRead<int>(list, out _));
    }

    [Fact]
    public void Filters_whose_texts_run_together_are_different()
    {
        var cursor = CursorAfter(new Pair { Limit = 1, First = 1, Second = 23 }, 5);

        Assert.True(Cursors.TryRead<int>(new Pair { First = 1, Second = 23, Cursor = cursor }, out _));
        Assert.False(Cursors.TryRead<int>(new Pair { First = 12, Second = 3, Cursor = cursor }, out _));
    }

    [Fact]
    public void Pages_are_counted_up_to_a_limit_and_never_overflow()
    {
        var list = new Things { Limit = 500, Cursor = Cursors.Write(new Things(), 1, int.MaxValue) };

        var page = list.ToPage(Cursors, [.. Enumerable.Range(0, 501)], BoundedCount.Of(20_000), row => row);

        Assert.Equal(PageCursors.MaxRowsBefore, page.Offset);
        Assert.True(Cursors.TryRead<int>(new Things { Cursor = page.NextCursor }, out _));
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(10_000, 10_000, true)]
    [InlineData(10_001, 10_000, false)]
    public void Count_is_exact_up_to_its_limit(long counted, int value, bool exact) =>
        Assert.Equal(new BoundedCount(value, exact), BoundedCount.Of(counted));

    private static string CursorAfter<TKey>(AdminList list, TKey key)
        where TKey : struct =>
        list.ToPage(Cursors, [key, key], BoundedCount.Of(2), row => row).NextCursor!;

    private static PageCursors CursorsOf(params string[] keys) => new(new CursorCodes(KeysOf(keys)), null);

    private static DataKeys KeysOf(params string[] ids) => new()
    {
        Keys = [.. ids.Select(id => new DataKey { Id = id, Secret = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(id))) })],
    };

    private sealed record Pair : AdminList
    {
        public int First { get; init; }

        public int Second { get; init; }
    }

    private readonly record struct Key(DateTime CreatedAt, Guid Id);

    private record Things : AdminList
    {
        public string? Name { get; init; }

        public string[] Tags { get; init; } = [];
    }

    private sealed record OtherThings : Things;
}
