using System.Text;
using System.Text.Json;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Servers;
using SalesBrain.Core.Whatsapp.Receiving;

namespace SalesBrain.Bench.Load;

/// <summary>Deliveries of Meta for the numbers of <see cref="BenchWorld"/>, signed; no two are alike.</summary>
internal sealed class WhatsappLoad(string workFolder)
{
    /// <summary>More than the app takes in a second.</summary>
    private const int MostPerSecond = 20_000;

    /// <summary>People who write to each number.</summary>
    private const int People = 1000;

    private static readonly string[] Texts =
        ["Does it come in another color?", "Thank you!", "When is it delivered? I would need it before the weekend.", "Ok", "Could you call me tomorrow between nine and ten?"];

    private readonly string _file = Path.Combine(workFolder, "whatsapp-deliveries.txt");
    private readonly Random _random = new(1);
    private long _next = Random.Shared.NextInt64(1L << 50);

    /// <summary>
    /// Writes deliveries for this many seconds, of 1 to <paramref name="most"/> messages each, and returns the arguments of
    /// <c>whatsapp.lua</c>.
    /// </summary>
    public IReadOnlyList<string> WriteScript(int seconds, int most)
    {
        using var file = new StreamWriter(_file, append: false, new UTF8Encoding(false), 1 << 20);
        for (var i = 0; i < seconds * MostPerSecond / ((most + 1) / 2); i++)
        {
            var body = Body(_random.Next(1, BenchWorld.Organizations + 1), _random.Next(1, most + 1));
            file.Write(WhatsappSignature.Of(Encoding.UTF8.GetBytes(body), HostSettings.WhatsappSecret));
            file.Write(' ');
            file.WriteLine(body);
        }
        return [_file];
    }

    /// <summary>A delivery of messages to the organization's number.</summary>
    public string Body(int organization, int messages) => Body(organization, messages, out _);

    /// <summary>The same, with the vendor's id of the last message.</summary>
    public string Body(int organization, int messages, out string wamid)
    {
        var ids = Enumerable.Range(0, messages)
            .Select(_ => $"wamid.HBgLMTU1NTEyMzAwMDAVAgASGBQzQTk{Interlocked.Increment(ref _next):x16}").ToList();
        wamid = ids[^1];
        var people = Enumerable.Range(0, messages).Select(_ => $"{organization:d2}155{_random.Next(People):d7}").ToList();
        return JsonSerializer.Serialize(new
        {
            @object = "whatsapp_business_account",
            entry = new[]
            {
                new
                {
                    id = BenchWorld.WabaId(organization),
                    changes = new[]
                    {
                        new
                        {
                            field = "messages",
                            value = new
                            {
                                messaging_product = "whatsapp",
                                metadata = new
                                {
                                    display_phone_number = "15550001111",
                                    phone_number_id = BenchWorld.PhoneNumberId(organization),
                                },
                                contacts = people.Distinct()
                                    .Select(person => new { profile = new { name = "Grace Hopper" }, wa_id = person }),
                                messages = people.Zip(ids, (person, id) => new
                                {
                                    from = person,
                                    id,
                                    timestamp = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}",
                                    type = "text",
                                    text = new { body = Texts[_random.Next(Texts.Length)] },
                                }),
                            },
                        },
                    },
                },
            },
        });
    }
}
