"""The words that people build passwords from, and the sequences that their fingers know.

Own list, made for this portal: words that any list of leaked passwords has at its top, in the languages of its users.
`passwords.is_common` refuses what is made of one or two of them with digits and signs around."""

COMMON_WORDS = frozenset(
    """
    pass password passwort passord losenord salasana passwd passphrase motdepasse contrasena wachtwoord haslo senha
    parola secret geheim hemlig hemligt salainen private secure security sakerhet access login logon signin account
    konto user username admin administrator root superuser guest test testing tester demo sample example default
    change changeme changeit welcome valkommen tervetuloa willkommen hello hallo hejsan terve goodbye letmein open
    opensesame master mistress monkey dragon shadow sunshine princess prince queen king kingdom superman batman
    spiderman wonderwoman ironman pokemon pikachu starwars startrek yoda vader skywalker matrix hogwarts gandalf frodo
    football fotboll jalkapallo fussball soccer hockey jaakiekko ishockey baseball basketball handball tennis golf
    cricket rugby cycling running swimming sailing fishing hunting skiing liverpool chelsea arsenal barcelona
    realmadrid juventus bayern dortmund manchester united ajax celtic rangers packers steelers cowboys yankees lakers
    summer winter spring autumn fall sommar vinter host var kesa talvi syksy kevat fruhling herbst january february
    march april may june july august september october november december januari februari mars maj juni juli augusti
    oktober tammikuu helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu lokakuu marraskuu joulukuu
    monday tuesday wednesday thursday friday saturday sunday mandag tisdag onsdag torsdag fredag lordag sondag
    maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai weekend holiday vacation semester loma jul joulu
    christmas easter midsommar juhannus birthday
    love lover iloveyou ilove loveyou jagalskardig rakastan rakas alskling sweetheart darling honey baby babygirl
    angel devil heaven jesus christ god faith hope peace freedom liberty forever always never lucky happy smile
    family familj perhe mother father mamma pappa aiti isa brother sister daughter friend friends vanner
    computer dator tietokone laptop internet network server database system windows microsoft linux ubuntu debian
    apple google android samsung iphone nokia ericsson facebook twitter youtube instagram whatsapp linkedin amazon
    oracle cisco adobe office outlook excel word teams zoom python java ruby perl script coding coffee kaffe kahvi
    chocolate cookie cookies banana orange cherry strawberry pepper ginger cheese pizza burger beer whiskey vodka
    flower rose lily daisy jasmine violet tulip orchid garden forest mountain ocean river island beach rainbow sunset
    sunrise moonlight starlight summertime diamond silver gold golden platinum crystal emerald ruby sapphire
    black white red green blue yellow purple orange pink brown grey gray svart vit rod gron bla musta valkoinen
    punainen sininen keltainen
    tiger lion panther leopard cheetah eagle falcon hawk raven phoenix wolf bear horse pony rabbit kitten puppy dog
    cat hund katt koira kissa hevonen hast bjorn karhu varg susi dolphin whale shark turtle butterfly spider snake
    michael jennifer jessica ashley daniel andrew joshua matthew robert thomas charlie george harley hunter jordan
    william james david richard joseph charles christopher anthony steven kevin brian jason justin brandon nicole
    amanda melissa stephanie michelle elizabeth samantha maria anna emma eva sofia olivia alexander maximilian
    anders erik karl lars johan mikael nils olof sven gustav bjorn astrid ingrid elin karin kristina margareta
    mikko matti juhani antti jukka pekka timo heikki kari aino helmi tuula ritva johanna
    sweden sverige ruotsi finland suomi norway norge denmark danmark iceland germany deutschland england london
    stockholm goteborg gothenburg malmo uppsala helsinki helsingfors tampere turku espoo oulu oslo kopenhamn
    copenhagen berlin paris madrid rome newyork chicago boston texas california florida america europe australia
    company business sales marketing finance manager director boss chef johtaja employee worker project meeting
    customer client supplier channel vendor reseller service support helpdesk money dollar euro pengar raha
    money million billion winner champion number one first second third monkey trustno trustnoone nothing something
    anything everything whatever nobody somebody anybody mypassword thepassword mysecret ourcompany thecompany
    ninja samurai pirate warrior soldier knight wizard magic mystery power energy force thunder lightning storm fire
    water earth wind fuckyou fuck bitch asshole shit sexy hello123 abc xyz asd zxc qaz wsx edc
    mustang corvette ferrari porsche mercedes bmw audi volvo saab volkswagen toyota honda yamaha kawasaki harley
    guitar piano music metallica nirvana beatles eminem slipknot abba bond jamesbond merlin maverick ranger scooter
    freddy snoopy garfield mickey minnie donald simpson homer bart tinkerbell cinderella
    the and my our your is are this that with for you me we it new old best cool super mega ultra extra big little
    """.split()  # noqa: SIM905 - a list of quoted strings is harder to read and to extend
)

SEQUENCES = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "qwertyuiopåasdfghjklöäzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "!@#$%^&*()",
    '!"#¤%&/()=?',
    "147258369",
    "741852963",
)

# What people add to reach a length or a rule. The list of common passwords is every word with every one of these.
COMMON_SUFFIXES = (
    *("1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "1234567890"),
    *("!", "!!", "!!!", "1!", "12!", "123!", "1234!", "12345!", "!123", "!1234", "@123", "@1234", "#1", "#123", "*"),
    *("0", "00", "000", "007", "01", "11", "111", "1111", "22", "69", "77", "88", "99", "321", "4321", "54321", "666"),
    *(str(year) for year in range(1950, 2036)),
    *(f"{year}!" for year in range(2010, 2036)),
    *("abc", "abc123", "qwerty", "xyz", "asdf", "pass", "password", "admin", "test", "user", "login", "welcome"),
)
