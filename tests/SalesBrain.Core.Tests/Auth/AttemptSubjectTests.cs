using System.Net;
using SalesBrain.Core.Auth;

namespace SalesBrain.Core.Tests.Auth;

public sealed class AttemptSubjectTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::", "2001:db8:1:2::/64")]
    [InlineData("fe80::1%5", "fe80::/64")]
    [InlineData("::1", "::/64")]
    public void Addresses_are_counted_as_one_host_is_given_them(string address, string key) =>
        Assert.Equal(key, new AttemptSubject("somebody@test.example", IPAddress.Parse(address)).Address);

    [Fact]
    public void Unknown_address_is_not_counted() => Assert.Null(new AttemptSubject("somebody@test.example", null).Address);

    [Fact]
    public void Account_is_known_by_a_hash_of_the_address()
    {
        var subject = new AttemptSubject("somebody@test.example", null);

        Assert.Matches("^[0-9a-f]{64}$", subject.Account);
        Assert.Equal(subject.Account, new AttemptSubject("somebody@test.example", IPAddress.Loopback).Account);
        Assert.NotEqual(subject.Account, new AttemptSubject("somebody.else@test.example", null).Account);
    }
}
