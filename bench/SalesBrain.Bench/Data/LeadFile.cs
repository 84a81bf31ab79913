using System.Globalization;

namespace SalesBrain.Bench.Data;

/// <summary>A CSV file as one exports it from a tool for lead lists; no person comes twice in a run.</summary>
internal sealed class LeadFile(string folder)
{
    private int _people;

    /// <summary>The file, made anew. 500,000 rows are less than the 50 MiB that an upload may have.</summary>
    public async Task<string> CreateAsync(int rows, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, "leads.csv");
        await using var writer = new StreamWriter(path);
        await writer.WriteLineAsync(
            "Email,First Name,Last Name,Company,Title,Phone,LinkedIn,City,Country,Segment".AsMemory(), cancellationToken);
        for (var last = _people + rows; _people < last; _people++)
        {
            var n = _people;
            await writer.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"p{n}@lead.example,First{n % 997},Müller,Company "
                + $"{n % 9999},CTO,+4930{n:d7},linkedin.com/in/p{n},Berlin,DE,{(char)('A' + (n % 26))}"));
        }
        return path;
    }
}
