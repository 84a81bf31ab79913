using SalesBrain.Core.Whatsapp;

namespace SalesBrain.Core.Tests.Whatsapp;

/// <summary>What becomes of a message after each error.</summary>
public sealed class SendingFailuresTests
{
    [Theory]
    [InlineData(131056, "1 4 16 64 256")]
    [InlineData(130429, "1 2 4 8 16 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30 30")]
    [InlineData(4, "60 120 240 480 960 1920 3600 3600 3600")]
    [InlineData(80007, "60 120 240 480 960 1920 3600 3600 3600")]
    [InlineData(131057, "15 30 60 60 60 60 60 60 60 60 60")]
    [InlineData(2, "2 8 32 128 300 300 300 300 300 300 300")]
    [InlineData(133004, "2 8 32 128 300 300 300 300 300 300 300")]
    [InlineData(1, "10")]
    [InlineData(131047, "")]
    [InlineData(131026, "")]
    [InlineData(131048, "")]
    public void Code_is_retried_with_its_delays_and_then_the_message_fails(int code, string delays)
    {
        var error = WhatsappErrors.Of(code);
        var seconds = new List<int>();
        var failure = SendingFailures.After(error, 0);
        while (failure.Outcome == SendingOutcome.Retry)
        {
            seconds.Add((int)failure.Delay!.Value.TotalSeconds);
            Assert.Equal(seconds.Count, failure.Attempts);
            Assert.Equal(code is 130429 or 4 or 80007, failure.HoldsQueue);
            failure = SendingFailures.After(error, failure.Attempts);
        }

        Assert.Equal(delays, string.Join(' ', seconds));
        Assert.Equal(SendingOutcome.Failed, failure.Outcome);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(190)]
    public void Invalid_token_is_not_an_attempt_of_the_message(int code) =>
        Assert.Equal(new SendingFailure(SendingOutcome.Returned, 3), SendingFailures.After(WhatsappErrors.Of(code), 3));

    [Fact]
    public void Unknown_outcome_is_never_retried() =>
        Assert.Equal(SendingOutcome.Unknown, SendingFailures.After(WhatsappErrors.Unknown, 0).Outcome);

    [Fact]
    public void Every_known_error_has_an_outcome_and_a_kind() => Assert.All(WhatsappErrors.All, error =>
    {
        var failure = SendingFailures.After(error, int.MaxValue - 1);
        Assert.Contains(failure.Outcome, new[] { SendingOutcome.Failed, SendingOutcome.Returned });
        Assert.Contains(SendingFailures.ClassOf(error), new[] { "reconnect", "restricted", "limit", "window", "unavailable", "refused" });
    });
}
