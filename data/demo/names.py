"""The names of which the demo's organization is made. All people are invented."""

# Hangul, and the letters of the user name.
FAMILY = (
    ("김", "kim"), ("이", "lee"), ("박", "park"), ("최", "choi"), ("정", "jung"), ("강", "kang"), ("조", "cho"),
    ("윤", "yoon"), ("장", "jang"), ("임", "lim"), ("한", "han"), ("오", "oh"), ("서", "seo"), ("신", "shin"),
    ("권", "kwon"), ("황", "hwang"), ("안", "ahn"), ("송", "song"), ("류", "ryu"), ("홍", "hong"), ("남궁", "namgung"),
)
GIVEN = (
    ("서연", "seoyeon"), ("민준", "minjun"), ("지우", "jiwoo"), ("도윤", "doyun"), ("하은", "haeun"), ("예준", "yejun"),
    ("수빈", "subin"), ("지호", "jiho"), ("채원", "chaewon"), ("건우", "gunwoo"), ("다은", "daeun"), ("현우", "hyunwoo"),
    ("은지", "eunji"), ("승민", "seungmin"), ("보라", "bora"), ("태양", "taeyang"), ("소영", "soyoung"), ("재현", "jaehyun"),
    ("나래", "narae"), ("성호", "sungho"), ("유진", "yujin"), ("경수", "kyungsoo"), ("아름", "areum"), ("진우", "jinwoo"),
    ("혜린", "hyerin"), ("동현", "donghyun"), ("윤서", "yunseo"), ("상훈", "sanghoon"), ("미경", "mikyung"),
)
ENGLISH_FAMILY = (
    "Alvarez", "Bennett", "Castillo", "Dunn", "Ellison", "Fraser", "Gallagher", "Hughes", "Ivanova", "Jensen",
    "Keller", "Lindqvist", "Mbeki", "Novak", "O'Brien", "Petrov", "Quinn", "Ríos", "Schmidt", "Tanaka", "Usman",
    "Varga", "Whitfield",
)
ENGLISH_GIVEN = (
    "Amelia", "Ben", "Chloe", "Daniel", "Elena", "Farid", "Grace", "Henry", "Iris", "James", "Keira", "Liam",
    "Maya", "Noah", "Olivia", "Priya", "Quentin", "Rosa", "Samuel",
)

# A department and the titles that occur in it, in the language of the office.
KOREAN_DEPARTMENTS = (
    ("경영지원팀", ("사원", "대리", "과장", "팀장")), ("인사팀", ("사원", "대리", "차장")),
    ("영업1팀", ("사원", "대리", "과장", "부장")), ("영업2팀", ("사원", "주임", "과장")),
    ("고객지원팀", ("사원", "주임", "대리")), ("정보보안팀", ("선임", "책임")),
)
ENGLISH_DEPARTMENTS = (
    ("Sales", ("Account Manager", "Sales Director")), ("Customer Care", ("Agent", "Team Lead")),
    ("Finance", ("Accountant", "Controller")), ("Facilities", ("Coordinator",)),
)
KOREAN_LABORATORIES = (
    ("배터리연구실", ("연구원", "선임연구원", "책임연구원")), ("로봇연구실", ("연구원", "수석연구원")),
    ("언어연구실", ("연구원", "책임연구원")),
)
ENGLISH_LABORATORIES = (
    ("Materials Laboratory", ("Researcher", "Senior Researcher")), ("Robotics Laboratory", ("Researcher", "Fellow")),
    ("Linguistics Laboratory", ("Researcher",)),
)
